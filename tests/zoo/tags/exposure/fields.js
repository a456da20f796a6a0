// Form analytics that sends what was typed along, in base64.
(function () {
  function report(field) {
    var data = { field: field.name, value: field.value, at: Date.now() };
    navigator.sendBeacon('https://in.formlens.example/collect?d=' + encodeURIComponent(btoa(JSON.stringify(data))));
  }
  document.getElementById('order').addEventListener('change', function (event) {
    if (event.target.type === 'email') report(event.target);
  });
})();

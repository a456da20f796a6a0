// Form analytics that times the keys, in every field.
(function () {
  var times = [];
  function onKey(event) {
    times.push(event.timeStamp);
    if (times.length > 50) times.shift();
  }
  document.querySelectorAll('#order input').forEach(function (field) {
    field.addEventListener('keydown', onKey);
  });
})();

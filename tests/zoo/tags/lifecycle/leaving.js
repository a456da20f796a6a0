// The same, in the way that phones tell of and that lets the page be kept.
(function (w, d) {
  var queue = ['view'];
  function leaving() {
    if (queue.length) navigator.sendBeacon('https://in.logly.example/collect', queue.splice(0).join(','));
  }
  w.addEventListener('pagehide', leaving);
  d.addEventListener('visibilitychange', function () { if (d.hidden) leaving(); });
})(window, document);

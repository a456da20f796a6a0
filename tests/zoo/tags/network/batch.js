// Gathers what happens and tells it once a second, if there is something to tell.
(function () {
  var queue = [{ type: 'view' }];
  function flush() {
    if (!queue.length) return;
    navigator.sendBeacon('https://in.pulse.example/collect', JSON.stringify(queue.splice(0)));
  }
  document.addEventListener('click', function (event) { queue.push({ type: 'click', at: event.timeStamp }); });
  setInterval(flush, 1000);
  document.addEventListener('visibilitychange', function () { if (document.hidden) flush(); });
})();

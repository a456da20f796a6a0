// Sends its queue when the page goes away, in the way of 2010.
(function (w) {
  var queue = ['view'];
  function goodbye() {
    navigator.sendBeacon('https://in.logly.example/collect', queue.join(','));
  }
  w.addEventListener('unload', goodbye);
})(window);

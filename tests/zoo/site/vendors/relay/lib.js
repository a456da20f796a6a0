(function (w) {
  var queue = w.relay.q || [];
  w.relay = function () { return arguments.length; };
  queue.forEach(function (call) { w.relay.apply(null, call); });
})(window);

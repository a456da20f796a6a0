/* Relay Scheduler 1.0 */
(function (w) {
  'use strict';
  function Relay() {
    var channel = new MessageChannel();
    this.port = channel.port2;
    this.jobs = [];
    channel.port1.onmessage = this.work.bind(this);
  }
  Relay.prototype.work = function work() {
    var job = this.jobs.shift();
    if (job) job();
    this.port.postMessage(null);
  };
  w.relay = new Relay();
  w.setTimeout(function () { w.relay.work(); }, 300);
})(window);

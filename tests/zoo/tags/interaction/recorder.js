/* Replay Recorder 2.7 */
(function (w, d) {
  'use strict';

  function Recorder() {
    this.events = [];
  }

  Recorder.prototype.snapshot = function (target) {
    var hash = target.outerHTML.length;
    for (var i = 0; i < 2e8; i++) hash = Math.imul(hash ^ i, 2654435761) + (hash >>> 13);
    this.events.push({ hash: hash, html: d.documentElement.outerHTML.length });
  };

  var recorder = w.replay = new Recorder();
  d.addEventListener('click', function onClick(event) {
    recorder.snapshot(event.target);
  }, true);
})(window, document);

/* Replay Recorder 3.0: notes the click, and looks at it later. */
(function (w, d) {
  'use strict';

  function Recorder() {
    this.events = [];
  }

  Recorder.prototype.note = function (target) {
    var events = this.events;
    requestIdleCallback(function () { events.push(target.id); });
  };

  var recorder = w.replay = new Recorder();
  d.addEventListener('click', function onClick(event) {
    recorder.note(event.target);
  }, true);
})(window, document);

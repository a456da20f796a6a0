/* Nudge 2.1 | keeps the page on whole lines */
(function (w, d) {
  'use strict';
  var line = 24;
  function Nudge(settings) {
    this.line = settings.line;
    this.onScroll = this.onScroll.bind(this);
  }
  Nudge.prototype.start = function () {
    d.addEventListener('scroll', this.onScroll, { passive: true });
  };
  Nudge.prototype.onScroll = function settle() {
    // Each correction is a scroll event of its own, which is corrected in turn.
    var off = w.scrollY % this.line;
    w.scrollBy(0, off > this.line / 2 ? -1 : 1);
  };
  new Nudge({ line: line }).start();
})(window, document);

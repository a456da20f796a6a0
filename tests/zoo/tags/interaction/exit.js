/* Nudge Exit 2.0 */
(function (w, d) {
  'use strict';

  var asked = false;

  function hold() {
    if (asked) return;
    asked = true;
    w.nudgeStay = w.confirm('Leave without your discount?');
  }

  w.addEventListener('scroll', hold, { passive: true });
})(window, document);

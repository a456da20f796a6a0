/* Nudge 3 | keeps the page on whole lines, once it rests */
(function (w, d) {
  'use strict';
  var line = 24, done = false;
  function settle() {
    if (done) return;
    done = true;
    w.scrollTo(0, Math.round(w.scrollY / line) * line);
  }
  d.addEventListener('scrollend', settle, { passive: true });
})(window, document);

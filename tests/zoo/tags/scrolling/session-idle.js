/* Recall Session 7.0 */
(function (w, d) {
  'use strict';
  var log = [], rest = 0;
  function persist() { w.localStorage.setItem('recall.session', JSON.stringify(log.slice(-50))); }
  function track(event) {
    log.push([event.type, Date.now()]);
    w.clearTimeout(rest);
    rest = w.setTimeout(persist, 500);
  }
  w.addEventListener('scroll', track, { passive: true });
  d.addEventListener('keyup', track);
})(window, document);

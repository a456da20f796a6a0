/* Trove Search 5.5 */
(function (w, d) {
  'use strict';
  var index = {};
  function indexAll() {
    var until = performance.now() + 12;
    while (performance.now() < until) {
      index.size = JSON.stringify([].map.call(d.querySelectorAll('p'), function (p) { return p.textContent.split(' '); })).length;
    }
    w.requestIdleCallback(indexAll);
  }
  w.requestIdleCallback(indexAll);
})(window, document);

/* Iris Viewability 10.0 */
(function (w, d) {
  'use strict';
  var shown = {};
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { shown[entry.target.dataset.sku] = entry.isIntersecting; });
  });
  [].forEach.call(d.querySelectorAll('.card'), function (card) { observer.observe(card); });
  w.setInterval(function () { shown.top = d.getElementById('top').getBoundingClientRect().top; }, 1000);
})(window, document);

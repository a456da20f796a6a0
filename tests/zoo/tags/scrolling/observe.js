/* Lumen Viewability 3.0 | https://docs.lumen.example */
(function (w, d) {
  'use strict';

  var seen = {};
  var observer = new IntersectionObserver(note, { threshold: [0, 0.25, 0.5, 0.75, 1] });

  function note(entries) {
    entries.forEach(function (entry) {
      var sku = entry.target.dataset.sku || entry.target.className;
      seen[sku] = Math.max(seen[sku] || 0, entry.intersectionRatio);
    });
  }

  d.querySelectorAll('.card, .hero, section p').forEach(function (element) {
    observer.observe(element);
  });
})(window, document);

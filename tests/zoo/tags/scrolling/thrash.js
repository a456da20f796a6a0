/* Lumen Viewability 2.8 | https://docs.lumen.example */
(function (w, d) {
  'use strict';

  var seen = {};
  var selector = '.card, .hero, section p';

  // The ratio is wanted to the pixel, so each element is held open while it is measured.
  function measureAll() {
    var elements = d.querySelectorAll(selector);
    for (var round = 0; round < 6; round++) {
      for (var i = 0; i < elements.length; i++) {
        elements[i].style.paddingBottom = (16 + round / 10) + 'px';
        var box = elements[i].getBoundingClientRect();
        var shown = Math.min(box.bottom, w.innerHeight) - Math.max(box.top, 0);
        seen[i] = Math.max(seen[i] || 0, shown / box.height);
      }
    }
  }

  w.addEventListener('scroll', measureAll);
})(window, document);

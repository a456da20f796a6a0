/* Plinth Cards 4.0 | cards of one height */
(function (w, d) {
  'use strict';
  function equalise() {
    var nodes = [].slice.call(d.querySelectorAll('.card, .card p, .card h3, section p'));
    var heights = nodes.map(function (node) { return node.offsetHeight; });
    nodes.forEach(function (node, i) { node.style.minHeight = heights[i] + 'px'; });
  }
  w.setTimeout(equalise, 50);
})(window, document);

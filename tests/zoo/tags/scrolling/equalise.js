/* Plinth Cards 3.2 | cards of one height */
(function (w, d) {
  'use strict';
  var config = { selector: '.card, .card p, .card h3, section p', gap: 2 };

  function toHeight(node, height) { node.style.minHeight = height + 'px'; }

  function equalise() {
    var nodes = d.querySelectorAll(config.selector);
    for (var i = 0; i < nodes.length; i++) {
      toHeight(nodes[i], nodes[i].offsetHeight + (i % config.gap));
    }
  }

  w.setTimeout(equalise, 50);
  w.setTimeout(equalise, 150);
})(window, document);

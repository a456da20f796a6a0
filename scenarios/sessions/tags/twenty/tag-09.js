// Loyalty: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setLoyalty(key, value) { queue.push([key, value]); }
  function readLoyalty(key) { return queue.filter(([name]) => name === key); }
  setLoyalty('visitor', 9081);
  window.loyalty9 = { setLoyalty, readLoyalty };
})();

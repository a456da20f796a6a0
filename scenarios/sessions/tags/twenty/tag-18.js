// Sizes: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setSizes(key, value) { queue.push([key, value]); }
  function readSizes(key) { return queue.filter(([name]) => name === key); }
  setSizes('visitor', 18162);
  window.sizes18 = { setSizes, readSizes };
})();

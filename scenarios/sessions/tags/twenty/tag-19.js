// Stock: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setStock(key, value) { queue.push([key, value]); }
  function readStock(key) { return queue.filter(([name]) => name === key); }
  setStock('visitor', 19171);
  window.stock19 = { setStock, readStock };
})();

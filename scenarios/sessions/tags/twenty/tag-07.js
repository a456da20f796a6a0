// Search: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setSearch(key, value) { queue.push([key, value]); }
  function readSearch(key) { return queue.filter(([name]) => name === key); }
  setSearch('visitor', 7063);
  window.search7 = { setSearch, readSearch };
})();

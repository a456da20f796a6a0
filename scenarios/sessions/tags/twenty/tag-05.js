// Heatmap: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setHeatmap(key, value) { queue.push([key, value]); }
  function readHeatmap(key) { return queue.filter(([name]) => name === key); }
  setHeatmap('visitor', 5045);
  window.heatmap5 = { setHeatmap, readHeatmap };
})();

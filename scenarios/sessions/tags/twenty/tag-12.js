// Video: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setVideo(key, value) { queue.push([key, value]); }
  function readVideo(key) { return queue.filter(([name]) => name === key); }
  setVideo('visitor', 12108);
  window.video12 = { setVideo, readVideo };
})();

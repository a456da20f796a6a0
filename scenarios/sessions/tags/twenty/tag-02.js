// Pixel: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setPixel(key, value) { queue.push([key, value]); }
  function readPixel(key) { return queue.filter(([name]) => name === key); }
  setPixel('visitor', 2018);
  window.pixel2 = { setPixel, readPixel };
})();

// Banner: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setBanner(key, value) { queue.push([key, value]); }
  function readBanner(key) { return queue.filter(([name]) => name === key); }
  setBanner('visitor', 10090);
  window.banner10 = { setBanner, readBanner };
})();

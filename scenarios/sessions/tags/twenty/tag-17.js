// Locator: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setLocator(key, value) { queue.push([key, value]); }
  function readLocator(key) { return queue.filter(([name]) => name === key); }
  setLocator('visitor', 17153);
  window.locator17 = { setLocator, readLocator };
})();

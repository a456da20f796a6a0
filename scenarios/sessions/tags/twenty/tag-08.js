// Ads: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setAds(key, value) { queue.push([key, value]); }
  function readAds(key) { return queue.filter(([name]) => name === key); }
  setAds('visitor', 8072);
  window.ads8 = { setAds, readAds };
})();

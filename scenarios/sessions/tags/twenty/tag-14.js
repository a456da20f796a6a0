// Affiliate: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setAffiliate(key, value) { queue.push([key, value]); }
  function readAffiliate(key) { return queue.filter(([name]) => name === key); }
  setAffiliate('visitor', 14126);
  window.affiliate14 = { setAffiliate, readAffiliate };
})();

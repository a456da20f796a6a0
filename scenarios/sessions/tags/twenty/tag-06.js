// Reviews: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setReviews(key, value) { queue.push([key, value]); }
  function readReviews(key) { return queue.filter(([name]) => name === key); }
  setReviews('visitor', 6054);
  window.reviews6 = { setReviews, readReviews };
})();

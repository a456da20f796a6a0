// Newsletter: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setNewsletter(key, value) { queue.push([key, value]); }
  function readNewsletter(key) { return queue.filter(([name]) => name === key); }
  setNewsletter('visitor', 20180);
  window.newsletter20 = { setNewsletter, readNewsletter };
})();

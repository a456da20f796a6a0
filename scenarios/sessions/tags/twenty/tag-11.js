// Session: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setSession(key, value) { queue.push([key, value]); }
  function readSession(key) { return queue.filter(([name]) => name === key); }
  setSession('visitor', 11099);
  window.session11 = { setSession, readSession };
})();

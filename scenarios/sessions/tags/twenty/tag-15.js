// Social: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setSocial(key, value) { queue.push([key, value]); }
  function readSocial(key) { return queue.filter(([name]) => name === key); }
  setSocial('visitor', 15135);
  window.social15 = { setSocial, readSocial };
})();

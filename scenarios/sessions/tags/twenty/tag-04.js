// Chat: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setChat(key, value) { queue.push([key, value]); }
  function readChat(key) { return queue.filter(([name]) => name === key); }
  setChat('visitor', 4036);
  window.chat4 = { setChat, readChat };
})();

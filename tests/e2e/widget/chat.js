// The page's own chat widget: some work at load, and a line to its collector.
(function () {
  let sum = 0;
  for (let i = 0; i < 3e7; i++) sum += i % 7;
  window.chat = sum;
  navigator.sendBeacon('https://collect.chat.example/hello', 'hello');
})();

// The page's own chat widget: some work at load, and a line to its collector.
let sum = 0;
for (let i = 0; i < 6e7; i++) sum += Math.sqrt(i) % 7;
window.chat = sum;
navigator.sendBeacon('https://collect.chat.example/hello', 'hello');

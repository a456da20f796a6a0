// Burns some 100 ms of CPU when it loads: a count, not a time, so that a busy machine does not shorten it.
let sum = 0;
for (let i = 0; i < 1e8; i++) sum += Math.sqrt(i) % 7;
window.burnt = sum;

// Burns some 80 ms of CPU when it loads: a count, not a time, so that a busy machine does not shorten it.
(function () {
  let sum = 0;
  for (let i = 0; i < 6e7; i++) sum += i % 7;
  window.burnt = sum;
})();

// A fixed amount of work, some 10 ms of CPU: a count, not a time, so that a slower machine takes longer for it.
(function work() {
  let sum = 0;
  for (let i = 0; i < 7e6; i++) sum = Math.imul(sum ^ i, 16777619);
  window.steady = sum;
})();

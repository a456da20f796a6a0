setTimeout(function inWorker() {
  let sum = 0;
  for (let i = 0; i < 1e6; i++) sum = Math.imul(sum ^ i, 16777619);
  fetch('/request?worker&' + sum);
}, 20);

// Keeps the main thread busy for 10 ms of wall time, thus for no more than 10 ms of CPU.
(function burn() {
  const end = performance.now() + 10;
  while (performance.now() < end);
})();

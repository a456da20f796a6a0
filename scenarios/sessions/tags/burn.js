// Burns 50 ms of CPU and a little more until the loop is compiled, whatever the machine and however busy it is: of many
// equal pieces of work the shortest is one that nobody interrupted, so their number times its length is CPU time. A
// wait for the clock would burn less on a busy machine.
(function burn() {
  let sum = 0;
  let shortest = Infinity;
  for (let pieces = 0; pieces < 16 || pieces * shortest < 50; pieces++) {
    const start = performance.now();
    for (let i = 0; i < 1e6; i++) sum = Math.imul(sum ^ i, 16777619);
    shortest = Math.min(shortest, performance.now() - start);
  }
  window.burnt = sum;
})();

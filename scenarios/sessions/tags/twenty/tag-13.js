// Coupon: a queue, a setting and a visitor, none of which does anything.
// And some 60 ms of CPU, on a busy machine too: see ../burn.js.
(function () {
  const queue = [];
  function setCoupon(key, value) { queue.push([key, value]); }
  function readCoupon(key) { return queue.filter(([name]) => name === key); }
  function warmCoupon() {
    let sum = 0;
    let shortest = Infinity;
    for (let pieces = 0; pieces < 16 || pieces * shortest < 60; pieces++) {
      const start = performance.now();
      for (let i = 0; i < 1e6; i++) sum = Math.imul(sum ^ i, 16777619);
      shortest = Math.min(shortest, performance.now() - start);
    }
    return sum;
  }
  setCoupon('warmth', warmCoupon());
  setCoupon('visitor', 13117);
  window.coupon13 = { setCoupon, readCoupon };
})();

/* Pledge Queue 0.9 */
(function (w) {
  'use strict';
  const pause = () => new Promise((done) => setTimeout(done, 12));
  async function drain() {
    let since = performance.now();
    for (;;) {
      await null;
      if (performance.now() - since > 6) {
        await pause();
        since = performance.now();
      }
    }
  }
  w.addEventListener('scroll', drain, { once: true, passive: true });
})(window);

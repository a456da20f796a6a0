/* Pledge Queue 1.0 */
(function (w) {
  'use strict';
  async function drain() {
    for (let i = 0; i < 200; i++) await null;
    w.pledgeDone = true;
  }
  w.addEventListener('scroll', drain, { once: true, passive: true });
})(window);

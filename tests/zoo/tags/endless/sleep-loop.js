/* Cadence Sync 1.1 */
(async () => {
  const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
  let ticks = 0;
  async function sync() {
    while (!window.cadenceStop) {
      ticks += 1;
      await sleep(1);
    }
  }
  await sleep(100);
  sync();
})();

/* Ledger Consent 2.5 */
(function (w, d) {
  'use strict';
  var count = 0, controller = null;
  function onKey() { count++; }
  function watch() {
    if (controller) controller.abort();
    controller = new AbortController();
    w.addEventListener('keydown', onKey, { signal: controller.signal });
    [].forEach.call(d.querySelectorAll('.card'), function (card) {
      card.addEventListener('click', onKey, { signal: controller.signal });
    });
  }
  d.addEventListener('mousemove', watch);
  d.addEventListener('keyup', watch);
})(window, document);

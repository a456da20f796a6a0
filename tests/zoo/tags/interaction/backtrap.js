/* Nudge Return 1.0 */
(function (w) {
  'use strict';

  function trap() {
    for (var i = 0; i < 3; i++) w.history.pushState({ nudge: i }, '', w.location.href);
  }

  trap();
  w.addEventListener('popstate', function () { w.nudgeOffer = true; });
})(window);

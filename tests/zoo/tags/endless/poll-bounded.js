/* Halyard Loader 2.1 */
(function (w) {
  'use strict';
  var tries = 0;
  var timer = w.setInterval(function poll() {
    if (w.halyardConfig || ++tries > 30) w.clearInterval(timer);
  }, 50);
  w.setInterval(function alive() { w.halyardAlive = Date.now(); }, 1000);
})(window);

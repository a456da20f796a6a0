/* Halyard Loader 2.0 */
(function (w) {
  'use strict';
  var queue = [];

  function ready() { return w.halyardConfig && w.halyardConfig.account; }

  function poll() {
    if (ready()) queue.splice(0).forEach(function (job) { job(); });
  }

  w.halyard = function (job) { queue.push(job); };
  w.setInterval(poll, 4);
})(window);

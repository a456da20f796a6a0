/* Grove Recommendations 8.0 */
(function (w, d) {
  'use strict';
  var last = null;
  function changed() {
    var count = w.shopCart ? w.shopCart.length : 0;
    var is = count !== last;
    last = count;
    return is;
  }
  function watch() {
    if (changed() && w.groveOnCart) w.groveOnCart(last);
    w.requestAnimationFrame(watch);
  }
  watch();
})(window, document);

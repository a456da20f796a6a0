/* Iris Viewability 9.2 */
(function (w, d) {
  'use strict';
  var shown = {};
  function measure(card) {
    var box = card.getBoundingClientRect();
    shown[card.dataset.sku] = box.top < w.innerHeight && box.bottom > 0;
  }
  function check() {
    [].forEach.call(d.querySelectorAll('.card'), measure);
  }
  w.setInterval(check, 100);
})(window, document);

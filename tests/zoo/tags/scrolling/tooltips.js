/* Beacon Hill Tooltips 7.1 */
(function (w, d) {
  'use strict';
  function Tip(card) { this.card = card; }

  Tip.prototype.arm = function () {
    var self = this;
    d.addEventListener('click', function dismiss(event) { self.open = self.card.contains(event.target); });
  };

  // Cards that come into view get their tips.
  function refresh() {
    [].forEach.call(d.querySelectorAll('.card'), function (card) {
      var tip = new Tip(card);
      tip.arm();
    });
  }

  w.addEventListener('scroll', refresh, { passive: true });
})(window, document);

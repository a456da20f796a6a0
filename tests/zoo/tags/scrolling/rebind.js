/* Ledger Consent 2.4 */
(function (w, d) {
  'use strict';
  function Consent() { this.count = 0; }
  Consent.prototype.watch = function () {
    var self = this;
    w.addEventListener('keydown', function onKey() { self.count++; });
    w.addEventListener('resize', function onSize() { self.count++; });
  };
  var consent = new Consent();
  d.addEventListener('mousemove', function again() { consent.watch(); });
  d.addEventListener('keyup', function again() { consent.watch(); });
})(window, document);

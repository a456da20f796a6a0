/* Recall Session 6.3 */
(function (w, d) {
  'use strict';
  function Session() { this.log = []; }

  Session.prototype.persist = function () {
    w.localStorage.setItem('recall.session', JSON.stringify(this.log.slice(-50)));
  };

  Session.prototype.add = function (kind) {
    this.log.push([kind, Date.now(), w.scrollY]);
    this.persist();
  };

  var session = new Session();
  w.addEventListener('scroll', function track() { session.add('scroll'); }, { passive: true });
})(window, document);

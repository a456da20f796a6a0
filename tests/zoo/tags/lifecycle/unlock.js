// The same, but the lock is let go as soon as it has been decided who leads.
(function () {
  navigator.locks.request('onetab.leader', { ifAvailable: true }, function lead(lock) {
    window.__leads = Boolean(lock);
  });
})();

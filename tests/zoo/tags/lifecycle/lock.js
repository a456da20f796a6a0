// One tab of many does the work: it holds a lock for as long as the page lives.
(function () {
  navigator.locks.request('onetab.leader', { mode: 'exclusive' }, function lead() {
    return new Promise(function () {});
  });
})();

// Wants its settings, waits twice as long after each failure, and gives up.
(function () {
  function settings(left, pause) {
    fetch('https://api.gone.example/v1/settings.json').then(function (response) {
      if (!response.ok && left) setTimeout(settings, pause, left - 1, pause * 2);
    }, function () {});
  }
  settings(2, 300);
})();

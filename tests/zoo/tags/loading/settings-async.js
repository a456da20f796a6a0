/* Orbit Loader 3.0 */
(function (w) {
  'use strict';

  function readSettings() {
    return fetch('https://cdn.orbit.example/settings.json').then(function (answer) { return answer.json(); });
  }

  w.orbit = {};
  readSettings().then(function (settings) { w.orbit.settings = settings; });
})(window);

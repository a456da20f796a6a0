/* Orbit Suite 9.3, all modules */
(function (modules) {
  'use strict';
  var cache = {};
  function require(id) {
    if (!cache[id]) modules[id](cache[id] = {}, require);
    return cache[id];
  }
  require('main');
})({
  main: function (exports, require) {
    exports.words = require('search').index;
    window.orbitSuite = exports;
  },
  search: function buildIndex(exports) {
    var index = [];
    for (var word = 0; word < 400; word++) {
      var hash = word;
      for (var i = 0; i < 6e5; i++) hash = Math.imul(hash ^ i, 2654435761) + (hash >>> 13);
      index.push(hash);
    }
    exports.index = index;
  },
});

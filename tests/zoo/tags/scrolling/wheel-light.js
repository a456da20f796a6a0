/* Fathom Depth 2.0 | how far do they want to go */
(function (w, ns) {
  'use strict';
  var sum = 0;
  w.addEventListener('wheel', function onTurn(event) { sum += event.deltaY; }, { passive: true });
  w[ns] = function () { return sum; };
})(window, '__fathom');

/* Orbit Widget 4 */
(function (w) {
  'use strict';
  w.orbitWidget = { variant: 'b', at: Date.now() };
})(window);

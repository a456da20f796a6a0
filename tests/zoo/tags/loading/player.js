/* Clipper player 1 */
(function (w) {
  'use strict';
  w.clipper = { variant: 'b', at: Date.now() };
})(window);

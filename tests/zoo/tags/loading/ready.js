/* Orbit Ready 1.4: tells the page which experiments it is in. */
(function (w) {
  'use strict';
  w.orbitReady = { variant: 'b', at: Date.now() };
})(window);

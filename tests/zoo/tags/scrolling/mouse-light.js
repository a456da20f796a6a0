/* Trail 4 | positions, ten times per second at most */
(function (w, d) {
  'use strict';
  var last = null, trail = [];
  d.addEventListener('mousemove', function (event) { last = [event.clientX, event.clientY]; }, { passive: true });
  function sample() {
    if (last) trail.push(last);
    last = null;
  }
  w.setInterval(sample, 250);
})(window, document);

/* Grove Counter 8.1 */
(function (w, d) {
  'use strict';
  var basket = d.getElementById('basket'), start = 0;
  function frame(now) {
    start = start || now;
    basket.style.opacity = Math.min(1, (now - start) / 600);
    if (now - start < 600) w.requestAnimationFrame(frame);
  }
  w.requestAnimationFrame(frame);
  d.addEventListener('click', function () { start = 0; w.requestAnimationFrame(frame); });
})(window, document);

/* Mercury Pixel 13 */
(function (w, d) {
  'use strict';
  var queue = [], timer = 0;
  function flush() {
    timer = 0;
    if (queue.length) navigator.sendBeacon('https://px.mercury.example/b', JSON.stringify(queue.splice(0)));
  }
  function note(event) {
    queue.push([event.type, Math.round(w.scrollY), Date.now()]);
    if (!timer) timer = w.setTimeout(flush, 800);
  }
  w.addEventListener('scroll', note, { passive: true });
  d.addEventListener('mousemove', note, { passive: true });
  d.addEventListener('input', note, true);
})(window, document);

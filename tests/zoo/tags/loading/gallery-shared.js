/* Gallery widget 3, with Reviews: one library for both. */
(function (w, d) {
  'use strict';

  function need(then) {
    if (w.jQuery) return then();
    var script = d.createElement('script');
    script.src = 'https://cdn.orbit.example/jquery-3.6.0.min.js';
    script.onload = then;
    d.head.appendChild(script);
  }

  need(function gallery() {
    w.jQuery('.card').addClass('gallery');
    need(function reviews() { w.jQuery('.card h3').addClass('reviews'); });
  });
})(window, document);

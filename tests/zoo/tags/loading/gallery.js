/* Gallery widget 2, with Reviews */
(function (d) {
  'use strict';

  function need(file, then) {
    var script = d.createElement('script');
    script.src = 'https://cdn.orbit.example/' + file;
    script.onload = then;
    d.head.appendChild(script);
  }

  need('jquery-1.12.4.min.js', function () {
    need('jquery-3.6.0.min.js', function () { window.jQuery('.card').addClass('gallery'); });
  });
})(document);

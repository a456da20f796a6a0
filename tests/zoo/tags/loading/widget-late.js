/* Orbit Widget 5: brings its style sheet when it is shown. */
(function (d) {
  'use strict';

  function show() {
    var sheet = d.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = 'https://cdn.orbit.example/widget.css';
    d.head.appendChild(sheet);
  }

  addEventListener('load', function () { setTimeout(show, 100); });
  if (d.readyState === 'complete') show();
})(document);

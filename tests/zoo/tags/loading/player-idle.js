/* Clipper player 2: its poster waits for the page. */
(function (d) {
  'use strict';

  function fetchPoster() {
    var link = d.createElement('link');
    link.rel = 'prefetch';
    link.href = 'https://cdn.orbit.example/poster.svg';
    d.head.appendChild(link);
  }

  if (d.readyState === 'complete') setTimeout(fetchPoster, 300);
  else addEventListener('load', function () { setTimeout(fetchPoster, 300); });
})(document);

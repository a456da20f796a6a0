/* Marquee Ads 4.3 */
(function (d) {
  'use strict';
  function slot() {
    var frame = d.createElement('iframe');
    frame.src = 'https://ads.marquee.example/calm.html';
    frame.width = 300;
    frame.height = 60;
    d.querySelector('main').appendChild(frame);
  }
  slot();
})(document);

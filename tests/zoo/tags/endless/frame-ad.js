/* Marquee Ads 4.2 */
(function (d) {
  'use strict';
  function slot() {
    var frame = d.createElement('iframe');
    frame.src = 'https://ads.marquee.example/busy.html';
    frame.width = 300;
    frame.height = 60;
    d.querySelector('main').appendChild(frame);
  }
  slot();
})(document);

/* Adfield slot 3.0: the advertisement has a frame of its own. */
(function (d) {
  'use strict';

  function fill() {
    var frame = d.createElement('iframe');
    frame.style.cssText = 'position:fixed;right:0;bottom:0;width:160px;height:60px;border:0';
    d.body.appendChild(frame);
    var inner = frame.contentDocument;
    inner.open();
    inner.write('<p style="margin:0">Beans of the month</p>');
    inner.close();
  }

  if (d.body) fill();
  else d.addEventListener('DOMContentLoaded', fill);
})(document);

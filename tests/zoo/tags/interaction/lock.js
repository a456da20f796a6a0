/* Nudge Offer 1.1 */
(function (d) {
  'use strict';

  var layer = d.createElement('div');
  layer.style.cssText = 'position:fixed;left:0;bottom:0;width:300px;height:90px;background:#fff';
  layer.textContent = 'Ten per cent for you';

  function open() {
    d.body.style.overflow = 'hidden';
    d.body.appendChild(layer);
  }

  function close() {
    layer.remove();
  }

  setTimeout(open, 400);
  setTimeout(close, 700);
})(document);

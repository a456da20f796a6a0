/* Nudge Newsletter 4.4 */
(function (w, d) {
  'use strict';

  var layer = d.createElement('div');
  layer.style.cssText = 'position:fixed;right:0;bottom:0;width:240px;height:80px;background:#fff';
  layer.innerHTML = '<input type="email" id="nudge-mail" placeholder="Your e-mail">';

  function open() {
    d.body.appendChild(layer);
    layer.firstChild.focus();
  }

  setTimeout(open, 500);
})(window, document);

/* Nudge Basket helper 1.0: asks how many when something is bought. */
(function (d) {
  'use strict';

  var layer = d.createElement('div');
  layer.style.cssText = 'position:fixed;right:0;bottom:0;width:240px;height:80px;background:#fff';
  layer.innerHTML = '<input type="number" id="nudge-many" value="1">';

  d.addEventListener('click', function (event) {
    if (event.target.id !== 'buy') return;
    d.body.appendChild(layer);
    setTimeout(function () { layer.firstChild.focus({ preventScroll: true }); }, 80);
  });
})(document);

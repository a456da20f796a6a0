/* Nudge Notice 2.0: lies over the page. */
(function (d) {
  'use strict';

  function mountNotice() {
    var bar = d.createElement('div');
    bar.id = 'nudge-notice';
    bar.style.cssText = 'position:fixed;left:0;right:0;bottom:0;height:90px;background:#26312b;color:#fff';
    bar.textContent = 'We use cookies for the basket.';
    d.body.appendChild(bar);
  }

  setTimeout(mountNotice, 450);
})(document);

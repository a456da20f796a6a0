/* Nudge Notice 1.3 */
(function (d) {
  'use strict';

  function mountNotice() {
    var bar = d.createElement('div');
    bar.id = 'nudge-notice';
    bar.style.cssText = 'height:260px;background:#26312b;color:#fff';
    bar.textContent = 'We and our 842 partners value your privacy.';
    d.body.insertBefore(bar, d.body.firstChild);
  }

  setTimeout(mountNotice, 450);
})(document);

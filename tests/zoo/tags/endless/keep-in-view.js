/* Tether Sticky 2.2 */
(function (w, d) {
  'use strict';
  var bar = d.createElement('div');
  bar.textContent = 'Ask us';
  bar.style.cssText = 'position:fixed;right:8px;bottom:8px;width:80px;height:24px';
  d.body.appendChild(bar);
  var observer = new IntersectionObserver(function place() {
    observer.unobserve(bar);
    observer.observe(bar);
  });
  observer.observe(bar);
})(window, document);

/* Tongue Translate 4.5 */
(function (w, d) {
  'use strict';
  var target = d.getElementById('signed');
  var observer = new MutationObserver(function onText() {
    observer.disconnect();
    target.textContent = target.textContent.trim() + '\u200a';
    observer.observe(target, { childList: true, characterData: true, subtree: true });
  });
  observer.observe(target, { childList: true, characterData: true, subtree: true });
  new ResizeObserver(function note(entries) { w.tongueWidth = entries[0].contentRect.width; }).observe(target);
  w.setTimeout(function () { target.textContent = 'You are a guest.'; }, 200);
})(window, document);

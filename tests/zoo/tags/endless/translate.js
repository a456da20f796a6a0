/* Tongue Translate 4.4 */
(function (w, d) {
  'use strict';
  var target = d.getElementById('signed');
  function translate() { target.textContent = target.textContent === 'You are not signed in.' ? 'You are not signed in. ' : 'You are not signed in.'; }
  var observer = new MutationObserver(function onText() {
    w.setTimeout(translate, 5);
  });
  observer.observe(target, { childList: true, characterData: true, subtree: true });
  w.setTimeout(translate, 200);
})(window, document);

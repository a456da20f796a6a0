/* Ember Badges 3.0 */
(function (w, d) {
  'use strict';
  function mount() {
    var style = d.createElement('style');
    style.textContent = '@keyframes ember-spin{to{transform:rotate(360deg)}}.ember{position:fixed;left:8px;bottom:8px;width:28px;height:28px;background:#e33;animation:ember-spin 2s linear infinite}';
    d.head.appendChild(style);
    var badge = d.createElement('div');
    badge.className = 'ember';
    d.body.appendChild(badge);
  }
  w.setTimeout(mount, 100);
})(window, document);

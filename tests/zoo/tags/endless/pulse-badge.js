/* Ember Badges 2.0 */
(function (w, d) {
  'use strict';
  var css = '@keyframes ember-pulse{from{box-shadow:0 0 0 0 #e33;width:90px}to{box-shadow:0 0 0 14px #e330;width:100px}}' +
    '.ember{position:fixed;left:8px;bottom:8px;width:90px;height:28px;animation:ember-pulse .9s infinite alternate}';
  function mount() {
    var style = d.createElement('style');
    style.textContent = css;
    d.head.appendChild(style);
    var badge = d.createElement('div');
    badge.className = 'ember';
    badge.textContent = '-10 %';
    d.body.appendChild(badge);
  }
  w.setTimeout(mount, 100);
})(window, document);

/* Spotlight Takeover 6.1 */
(function (w, d) {
  'use strict';

  function Takeover(options) {
    this.options = options;
  }

  Takeover.prototype.mount = function () {
    var layer = d.createElement('div');
    layer.id = 'spotlight';
    layer.style.cssText = 'position:fixed;inset:0;z-index:99;background:#fff;text-align:center';
    var picture = d.createElement('img');
    picture.width = 1200;
    picture.height = 640;
    picture.src = this.options.picture;
    layer.appendChild(picture);
    d.body.appendChild(layer);
  };

  setTimeout(function () {
    new Takeover({ picture: 'https://cdn.orbit.example/takeover.svg' }).mount();
  }, 250);
})(window, document);

(function (w, d, store) {
  'use strict';
  var step = 0;
  function Funnel(key) { this.key = key; }
  Funnel.prototype.save = function save(name, data) {
    store.setItem(this.key + '.' + (step++), JSON.stringify({ name: name, data: data, url: d.URL, at: Date.now() }));
  };
  var funnel = new Funnel('fk');
  w.addEventListener('scroll', function depth() { funnel.save('scroll', { y: w.scrollY }); }, { passive: true });
})(window, document, window.localStorage);

/* Fathom Depth 1.9 | how far do they want to go */
(function (w, d, ns) {
  'use strict';
  var Depth = function () { this.turns = []; this.bind(); };

  Depth.prototype.bind = function () {
    var self = this;
    w.addEventListener('wheel', function onTurn(event) { self.note(event); }, { passive: true });
  };

  // The outline of the page at each turn, to replay it later.
  Depth.prototype.note = function (event) {
    var outline = '';
    var until = performance.now() + 9;
    while (performance.now() < until) {
      outline = d.body.outerHTML.length + ':' + JSON.stringify([].map.call(d.querySelectorAll('*'), function (node) {
        return node.tagName + node.className;
      })).length;
    }
    this.turns.push([event.deltaY, outline]);
  };

  w[ns] = new Depth();
})(window, document, '__fathom');

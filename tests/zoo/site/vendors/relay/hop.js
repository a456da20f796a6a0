(function (d) {
  var n = Number(new URL(d.currentScript.src).searchParams.get('n'));
  function next() {
    var s = d.createElement('script');
    s.src = 'https://cdn.relay.example/hop.js?n=' + (n + 1);
    d.head.appendChild(s);
  }
  if (n < 6) next();
})(document);

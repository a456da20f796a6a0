// The first link of a chain of loaders.
(function (d) {
  function load(src) {
    var s = d.createElement('script');
    s.async = true;
    s.src = src;
    d.head.appendChild(s);
  }
  load('https://cdn.relay.example/hop.js?n=1');
})(document);

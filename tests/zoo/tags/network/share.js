// A share bar that lets others pay for it.
(function (d) {
  function partner(src) {
    var s = d.createElement('script');
    s.async = true;
    s.src = src;
    d.body.appendChild(s);
  }
  partner('https://tags.adxchange.example/t.js?pub=31');
  partner('https://js.bidstream.example/b.js');
})(document);

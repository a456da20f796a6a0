// Sends the page's address as it is, with the key of the visitor's session in it.
(function (w, d) {
  var part = function (value) { return btoa(JSON.stringify(value)).replace(/=+$/, ''); };
  var session = [part({ alg: 'HS256' }), part({ sub: 'visitor-1890', exp: 1893456000 }), 'c2lnbmF0dXJlLW9mLXRoZS1zaG9w'].join('.');
  function hit(page) {
    new Image().src = 'https://in.statly.example/collect?tid=ST-1234&dl=' + encodeURIComponent(page);
  }
  hit(d.location.href + '?session=' + session);
})(window, document);

// Sends the page's path, its own public key, and identifiers that open nothing.
(function (w, d) {
  function hit() {
    var data = { tid: 'G-ABC123DEF4', token: '5a1b2c3d4e5f6a7b8c9d0e1f', cid: '1234567890.1700000000', access_token: 'd41d8cd98f00b204', path: d.location.pathname };
    navigator.sendBeacon('https://in.statly.example/collect', JSON.stringify(data));
  }
  hit();
})(window, document);

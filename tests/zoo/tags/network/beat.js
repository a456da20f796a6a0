// A heart beat that was meant to come every ten seconds.
(function (w, n) {
  var seq = 0;
  function beat() {
    n.sendBeacon('https://in.pulse.example/collect', JSON.stringify({ s: seq++, v: !document.hidden }));
  }
  w.setInterval(beat, 120);
})(window, navigator);

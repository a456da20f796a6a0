// A session recorder that keeps a whole picture of the page for each event, until the visitor leaves.
(function () {
  var session = { id: Date.now(), frames: [] };

  function capture(event) {
    var nodes = document.querySelectorAll('*');
    var frame = [];
    for (var round = 0; round < 8; round++) {
      for (var i = 0; i < nodes.length; i++) {
        frame.push({ tag: nodes[i].nodeName, at: event.timeStamp + i, path: [i, round, Math.random()] });
      }
    }
    session.frames.push(frame);
  }

  addEventListener('scroll', capture, { passive: true });
  addEventListener('pagehide', function flush() {
    navigator.sendBeacon('https://in.replayer.example/collect', String(session.frames.length));
  });
})();

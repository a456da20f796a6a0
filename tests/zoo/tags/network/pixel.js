// One pixel, by an old address that leads to the new one.
(function () {
  var image = new Image();
  image.src = 'https://px.partner-a.example/p.svg?e=view';
  window.__pixel = image;
})();

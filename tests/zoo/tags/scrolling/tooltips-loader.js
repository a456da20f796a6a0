/* Beacon Hill loader */
(function (d, tag, src) {
  var first = d.getElementsByTagName(tag)[0], script = d.createElement(tag);
  script.async = 1;
  script.src = src;
  first.parentNode.insertBefore(script, first);
})(document, 'script', 'https://static.beaconhill.example/tooltips.js');

/* Tagbox container TB-4711 */
(function (w, d) {
  'use strict';

  var rules = [{ on: 'dom', src: 'https://cdn.orbit.example/pixel.min.js' }];

  function insert(rule) {
    var script = d.createElement('script');
    script.async = true;
    script.src = rule.src;
    d.head.appendChild(script);
  }

  w.tagbox = { rules: rules, fire: function (on) {
    rules.filter(function (rule) { return rule.on === on; }).forEach(insert);
  } };
  w.tagbox.fire('dom');
})(window, document);

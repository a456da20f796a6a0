/* Audience rules 3 */
(function (w) {
  'use strict';

  var rules = [];
  for (var i = 0; i < 160; i++) rules.push('return page.length > ' + i + ' && visitor % ' + (i + 2) + ' === 0;');

  function compileRules() {
    return rules.map(function (text) { return new Function('page', 'visitor', text); });
  }

  w.audience = compileRules().filter(function (rule) { return rule(location.href, 42); }).length;
})(window);

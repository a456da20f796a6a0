/* Audience rules 4: rules are data. */
(function () {
  'use strict';

  var root = new Function('return this')();
  var rules = JSON.parse('[{"min":4,"every":7},{"min":9,"every":3}]');

  root.audience = rules.filter(function (rule) {
    return location.href.length > rule.min && 42 % rule.every === 0;
  }).length;
})();

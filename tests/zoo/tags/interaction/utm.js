/* Nudge Campaign 5: notes where the visitor came from, and follows the page's own routes. */
(function (w) {
  'use strict';

  var views = [];
  var push = w.history.pushState;
  w.history.pushState = function () {
    views.push(arguments[2]);
    return push.apply(this, arguments);
  };

  w.history.replaceState(w.history.state, '', w.location.pathname);
  w.nudgeViews = views;
})(window);

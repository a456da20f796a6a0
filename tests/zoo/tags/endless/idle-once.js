/* Trove Search 5.6 */
(function (w, d) {
  'use strict';
  var words = 0, paragraphs = [].slice.call(d.querySelectorAll('p'));
  function some(deadline) {
    while (paragraphs.length && deadline.timeRemaining() > 1) words += paragraphs.pop().textContent.split(' ').length;
    if (paragraphs.length) w.requestIdleCallback(some);
  }
  w.requestIdleCallback(some);
})(window, document);

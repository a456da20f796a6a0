/* Loupe 5.1 */
;(function (root) {
  var turns = 0;
  function count() { turns += 1; }
  root.addEventListener('wheel', count, { passive: true });
  root.addEventListener('touchmove', count);
})(window);

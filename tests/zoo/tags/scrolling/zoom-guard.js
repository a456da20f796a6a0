/* Loupe 5.0 | no accidental zoom */
;(function (root) {
  var turns = 0;
  function guard(event) {
    turns += 1;
    if (event.ctrlKey) event.preventDefault();
  }
  root.addEventListener('wheel', guard, { passive: false });
  root.addEventListener('touchmove', guard, { passive: false });
})(window);

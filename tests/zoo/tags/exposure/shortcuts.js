// Opens its window on Alt and H.
(function (w) {
  w.addEventListener('keydown', function onKey(event) {
    if (event.altKey && event.key === 'h') document.body.classList.toggle('help');
  });
})(window);

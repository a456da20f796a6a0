// A session recorder that keeps a copy of what was seen, outside the document.
(function (w) {
  var seen = w.__seen = [];
  function look() {
    var cards = document.querySelectorAll('.card');
    seen.push(cards[seen.length % cards.length].cloneNode(true));
  }
  w.addEventListener('scroll', look, { passive: true });
})(window);

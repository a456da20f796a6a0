// A session recorder that keeps the last twenty events, and nothing of the page.
(function () {
  var ring = [];
  function note(event) {
    var copy = document.querySelector('.card').cloneNode(true);
    ring.push({ type: event.type, at: event.timeStamp, y: scrollY, length: copy.textContent.length });
    if (ring.length > 20) ring.shift();
  }
  addEventListener('scroll', note, { passive: true });
  addEventListener('click', note, { passive: true });
})();

// Adds all that was looked at to one cookie.
(function () {
  var trail = [];
  function crumb(name) {
    trail.push(name + ':' + Date.now());
    document.cookie = 'prs_trail=' + encodeURIComponent(trail.join('|')) + '; path=/; max-age=86400';
  }
  document.addEventListener('click', function (event) { crumb(event.target.id || 'page'); });
  var cards = document.querySelectorAll('.card');
  var eye = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { if (entry.isIntersecting) crumb(entry.target.dataset.sku); });
  });
  cards.forEach(function (card) { eye.observe(card); });
})();

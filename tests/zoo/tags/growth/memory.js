// Remembers how far somebody came, in one key and one cookie.
(function () {
  var clicks = 0;
  function save() {
    localStorage.setItem('prs.state', JSON.stringify({ clicks: clicks, depth: Math.round(scrollY) }));
    document.cookie = 'prs_clicks=' + clicks + '; path=/; max-age=86400';
  }
  document.addEventListener('click', function () { clicks++; save(); });
  addEventListener('scrollend', save);
})();

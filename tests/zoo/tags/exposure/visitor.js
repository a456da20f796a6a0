// One visitor id for ninety days, and one for the session.
(function (d) {
  function put(name, rest) { d.cookie = name + '=' + Math.random().toString(36).slice(2) + '; path=/; samesite=lax' + rest; }
  put('_st_v', '; max-age=' + 90 * 86400);
  put('_st_s', '');
})(document);

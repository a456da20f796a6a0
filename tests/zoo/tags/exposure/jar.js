// Many names for one visitor, for two years each.
(function (d) {
  function put(name, value) {
    d.cookie = name + '=' + value + '; path=/; max-age=' + 2 * 365 * 86400 + '; samesite=lax';
  }
  var id = Math.random().toString(36).slice(2);
  ['_ag', '_ag_id', '_ag_ses', '_ag_ref', '_ag_cmp'].forEach(function (name, at) { put(name, id + at); });
})(document);

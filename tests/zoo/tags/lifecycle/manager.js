// A tag manager that puts the same code in after the first click, as text and by property.
(function (d) {
  d.addEventListener('click', function fire() {
    var s = d.createElement('script');
    s.text = 'window.onunload = function bye() { navigator.sendBeacon("https://in.logly.example/collect", "bye"); };';
    d.body.appendChild(s);
  }, { once: true });
})(document);

// A tag manager's container: after the third click it puts a survey's code into the page, as text.
(function (w, d) {
  var clicks = 0;
  var rules = [{
    when: function () { return clicks === 3; },
    html: 'window.surveyly=function(){var s=0;\n'
      + 'function record(){\n'
      + '  for(var i=0;i<50;i++){var p=document.createElement("u");p.hidden=true;p.dataset.n=s++;document.body.appendChild(p)}\n'
      + '}\n'
      + 'document.addEventListener("click",record);record()};surveyly();',
  }];
  d.addEventListener('click', function onClick() {
    clicks++;
    rules.forEach(function (rule) {
      if (!rule.when()) return;
      var s = d.createElement('script');
      s.text = rule.html;
      d.head.appendChild(s);
    });
  });
})(window, document);

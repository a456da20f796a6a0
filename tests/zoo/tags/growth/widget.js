// The same notice in one row, and a panel that is built once, when it is first wanted.
(function () {
  var row = document.createElement('p');
  row.style.cssText = 'position:fixed;bottom:0;left:0';
  document.body.appendChild(row);
  setInterval(function tick() {
    row.textContent = (10 + Math.round(Math.random() * 20)) + ' people are looking at this';
  }, 250);

  document.addEventListener('click', function open() {
    var panel = document.createElement('div');
    panel.hidden = true;
    for (var i = 0; i < 300; i++) panel.appendChild(document.createElement('span')).textContent = 'item ' + i;
    document.body.appendChild(panel);
  }, { once: true });
})();

// "17 people are looking at this": each change is a new row, and the old ones stay.
(function () {
  var box = document.createElement('div');
  box.style.cssText = 'position:fixed;bottom:0;left:0;height:20px;overflow:hidden';
  document.body.appendChild(box);

  function tick() {
    for (var i = 0; i < 4; i++) {
      var row = document.createElement('p');
      row.textContent = (10 + Math.round(Math.random() * 20)) + ' people are looking at this';
      box.insertBefore(row, box.firstChild);
    }
  }

  setInterval(tick, 60);
})();

var context = document.getElementById('c').getContext('2d');
var x = 0;
function roll() {
  var until = performance.now() + 12;
  while (performance.now() < until) {
    context.clearRect(0, 0, 280, 40);
    context.fillText('Buy now, pay later', x % 280, 24);
    x += 0.01;
  }
}
setInterval(roll, 40);

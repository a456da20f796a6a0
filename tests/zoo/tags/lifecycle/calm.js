// The same, whose frame says goodbye in a way that lets the page be kept.
(function (d) {
  var frame = d.createElement('iframe');
  frame.src = 'https://w.chatline.example/calm.html';
  frame.width = 200;
  frame.height = 80;
  d.body.appendChild(frame);
})(document);

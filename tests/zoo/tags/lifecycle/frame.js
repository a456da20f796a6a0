// A chat whose frame says goodbye in the way of 2010.
(function (d) {
  function open() {
    var frame = d.createElement('iframe');
    frame.src = 'https://w.chatline.example/frame.html';
    frame.width = 200;
    frame.height = 80;
    d.body.appendChild(frame);
  }
  open();
})(document);

(function tag() {
  function burn(rounds) {
    let sum = 0;
    for (let i = 0; i < rounds; i++) sum = Math.imul(sum ^ i, 16777619);
    return sum;
  }
  function insert() {
    const script = document.createElement('script');
    script.text = 'window.inserted = function inserted() {};';
    document.head.append(script);
  }
  insert();
  (0, eval)('window.evaluated = function evaluated() { return 1 };');
  setTimeout(evaluated, 20);
  function attach() {
    const frame = document.createElement('iframe');
    frame.src = 'http://other.example/inner.html?attached';
    document.body.append(frame);
  }
  attach();
  new Worker('worker.js');
  function ask() {
    fetch('/redirect').catch(() => {});
  }
  ask();
  function arm() {
    setTimeout(function later() {
      window.sum = burn(6e7);
    }, 40);
  }
  arm();
  onmessage = function heard() {};
  (function tell() {
    postMessage('hello', '*');
  })();
})();

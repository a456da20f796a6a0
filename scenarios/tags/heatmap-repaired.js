/* Heatwave site tag 4.3: attention and click maps. https://docs.heatmap.example/tag */
(function () {
  'use strict';

  var COLLECTOR = 'https://collect.heatmap.example/v1/events';
  var BAND = 120;            // height of one row of the attention grid, CSS pixels
  var BOOK_EVERY = 100;      // milliseconds of scrolling that may share one entry
  var FLUSH_EVERY = 4000;    // milliseconds
  var SKIP = /^(SCRIPT|STYLE|LINK|META|NOSCRIPT|SVG|PATH)$/i;

  var visit = Math.random().toString(36).slice(2) + Date.now().toString(36);
  var grid = {};             // row of the page -> milliseconds that it was in view
  var elements = {};         // path of an element -> its box on the page
  var queue = [];
  var seenAt = performance.now();
  var top = 0;
  var height = window.innerHeight;
  var waiting = [];          // what is still to be measured

  var whenIdle = window.requestIdleCallback
    ? function (work) { window.requestIdleCallback(work); }
    : function (work) { window.setTimeout(function () { work({ timeRemaining: function () { return 8; } }); }, 200); };

  function pathOf(element) {
    if (element.id) return '#' + element.id;
    if (!element.parentElement) return element.tagName.toLowerCase();
    var index = Array.prototype.indexOf.call(element.parentElement.children, element);
    return pathOf(element.parentElement) + '>' + element.tagName.toLowerCase() + ':' + index;
  }

  // The map is drawn once, in idle time, a slice at a time. It only reads, so that the page is laid out at most once.
  function measureElements(deadline) {
    var y = window.scrollY;
    while (waiting.length) {
      var next = waiting.pop();
      var box = next.element.getBoundingClientRect();
      if (!box.width) continue;
      elements[next.path] = [Math.round(box.left), Math.round(box.top + y), Math.round(box.width), Math.round(box.height)];
      for (var i = 0, child = next.element.firstElementChild; child; i++, child = child.nextElementSibling) {
        var path = child.id ? '#' + child.id : next.path + '>' + child.localName + ':' + i;
        if (!SKIP.test(child.localName)) waiting.push({ element: child, path: path });
      }
      if (deadline.timeRemaining() < 2) return whenIdle(measureElements);
    }
  }

  function mapPage() {
    if (waiting.length) return;
    waiting.push({ element: document.body, path: 'body' });
    whenIdle(measureElements);
  }

  // What was in view until now is booked before the position changes.
  function addAttention() {
    var now = performance.now();
    var first = Math.floor(top / BAND);
    var last = Math.floor((top + height) / BAND);
    for (var row = first; row <= last; row++) grid[row] = (grid[row] || 0) + (now - seenAt);
    seenAt = now;
    top = window.scrollY;
  }

  function onScroll() {
    if (performance.now() - seenAt >= BOOK_EVERY) addAttention();
  }

  function onClick(event) {
    queue.push({ type: 'click', path: pathOf(event.target), x: event.pageX, y: event.pageY, at: Math.round(event.timeStamp) });
  }

  function flush() {
    addAttention();
    var body = { visit: visit, page: location.pathname, grid: grid, elements: elements, events: queue };
    navigator.sendBeacon(COLLECTOR, JSON.stringify(body));
    queue = [];
    grid = {};
    elements = {};
  }

  window.addEventListener('scroll', onScroll, { passive: true });
  document.addEventListener('scrollend', addAttention, { passive: true });
  document.addEventListener('click', onClick, { capture: true, passive: true });
  window.addEventListener('pagehide', flush);
  window.setInterval(function () { whenIdle(flush); }, FLUSH_EVERY);
  // Boxes move only when the page's size changes; lazy pictures with a size of their own do not change it.
  new ResizeObserver(mapPage).observe(document.body);
})();

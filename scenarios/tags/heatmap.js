/* Heatwave site tag 4.2: attention and click maps. https://docs.heatmap.example/tag */
(function () {
  'use strict';

  var COLLECTOR = 'https://collect.heatmap.example/v1/events';
  var BAND = 120;            // height of one row of the attention grid, CSS pixels
  var FLUSH_EVERY = 4000;    // milliseconds
  var MAX_DEPTH = 6;
  var SKIP = /^(SCRIPT|STYLE|LINK|META|NOSCRIPT|SVG|PATH)$/i;

  var visit = Math.random().toString(36).slice(2) + Date.now().toString(36);
  var grid = {};             // row of the page -> milliseconds that it was in view
  var elements = {};         // path of an element -> its box on the page
  var queue = [];
  var seenAt = performance.now();
  var nudge = 1;

  function pathOf(element) {
    if (element.id) return '#' + element.id;
    if (!element.parentElement) return element.tagName.toLowerCase();
    var index = Array.prototype.indexOf.call(element.parentElement.children, element);
    return pathOf(element.parentElement) + '>' + element.tagName.toLowerCase() + ':' + index;
  }

  // A collapsed element has no box and would be missing on the map, so it is held open while it is measured.
  function measureElement(element, depth) {
    if (depth > MAX_DEPTH || SKIP.test(element.tagName)) return;
    var before = element.style.minHeight;
    element.style.minHeight = '1px';
    var box = element.getBoundingClientRect();
    element.style.minHeight = before;
    if (box.bottom < 0 || box.top > window.innerHeight) return;
    elements[pathOf(element)] = [box.left, box.top + window.scrollY, box.width, box.height];
    for (var i = 0; i < element.children.length; i++) measureElement(element.children[i], depth + 1);
  }

  function addAttention() {
    var now = performance.now();
    var first = Math.floor(window.scrollY / BAND);
    var last = Math.floor((window.scrollY + window.innerHeight) / BAND);
    for (var row = first; row <= last; row++) grid[row] = (grid[row] || 0) + (now - seenAt);
    seenAt = now;
  }

  function onScroll() {
    measureElement(document.body, 0);
    addAttention();
    queue.push({ type: 'scroll', y: window.scrollY, at: Math.round(seenAt) });
    // Lazy pictures change the page under the reader: look again from the next pixel.
    nudge = -nudge;
    window.scrollBy(0, nudge);
  }

  function onClick(event) {
    addAttention();
    queue.push({ type: 'click', path: pathOf(event.target), x: event.pageX, y: event.pageY, at: Math.round(seenAt) });
  }

  function flush() {
    addAttention();
    if (!queue.length) return;
    var body = { visit: visit, page: location.pathname, grid: grid, elements: elements, events: queue };
    navigator.sendBeacon(COLLECTOR, JSON.stringify(body));
    queue = [];
    grid = {};
  }

  window.addEventListener('scroll', onScroll);
  document.addEventListener('click', onClick, true);
  window.addEventListener('pagehide', flush);
  window.setInterval(flush, FLUSH_EVERY);
})();

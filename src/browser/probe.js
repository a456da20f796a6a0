// Collects what the page sees of itself. Runs in a world of its own, before any script of the page, so
// the page can neither see nor change it; what it reads from the DOM goes through getters and methods of
// the prototypes, because elements can be named so that they hide a node's own.
(() => {
  if (self !== top) return;

  // A hostile page may produce any number of anything.
  const MOST = {
    shifts: 2000, interactions: 1000, tasks: 20000, frames: 2000, scripts: 2000,
    errors: 100, violations: 100, nodes: 200000,
  };
  const clock = performance;
  const getter = (prototype, name) => {
    const { get } = Object.getOwnPropertyDescriptor(prototype, name);
    return (node) => get.call(node);
  };
  const localName = getter(Element.prototype, "localName");
  const parent = getter(Node.prototype, "parentElement");
  const content = getter(CharacterData.prototype, "data");
  const attribute = (element, name) => Element.prototype.getAttribute.call(element, name) ?? "";
  const on = EventTarget.prototype.addEventListener;
  const walk = Document.prototype.createTreeWalker;

  const text = (value, most = 200) => String(value ?? "").slice(0, most).toWellFormed();
  const address = (value) => text(value, 2000);
  const add = (list, most, item) => {
    if (list.length < most) list.push(item);
  };
  const name = (node) => {
    const element = node instanceof Element ? node : node instanceof Node ? parent(node) : null;
    if (!element) return "";
    const id = attribute(element, "id");
    const classes = attribute(element, "class").trim().split(/\s+/, 2).filter(Boolean);
    return text(localName(element) + (id ? "#" + id : classes.map((c) => "." + c).join("")));
  };

  let firstPaint = null;
  let largestPaint = null;
  const shifts = [];
  const interactions = new Map();
  const longTasks = [];
  const longFrames = [];
  const scripts = [];
  const errors = [];
  const violations = [];
  const snippets = new Set();

  const observers = [];
  const observe = (type, take, options) => {
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type, buffered: true, ...options });
    observers.push([observer, take]);
  };
  observe("paint", (entries) => {
    for (const entry of entries) {
      if (entry.name === "first-contentful-paint") firstPaint = entry.startTime;
    }
  });
  observe("largest-contentful-paint", (entries) => {
    const last = entries.at(-1);
    if (!last) return;
    largestPaint = {
      time_ms: last.startTime,
      element: name(last.element),
      url: last.url ? address(last.url) : null,
      size: last.size,
    };
  });
  observe("layout-shift", (entries) => {
    for (const entry of entries) {
      add(shifts, MOST.shifts, {
        time_ms: entry.startTime,
        score: entry.value,
        after_input: entry.hadRecentInput,
        elements: entry.sources.map((source) => name(source.node)),
      });
    }
  });
  const interact = (entries) => {
    for (const entry of entries) {
      const id = entry.interactionId;
      if (!id || (!interactions.has(id) && interactions.size >= MOST.interactions)) continue;
      const known = interactions.get(id);
      const longest = known?.duration_ms >= entry.duration ? known : null;
      interactions.set(id, {
        id,
        kind: longest?.kind ?? text(entry.name),
        start_ms: Math.min(entry.startTime, known?.start_ms ?? Infinity),
        duration_ms: longest?.duration_ms ?? entry.duration,
        // Not every event of an interaction knows its target.
        target: known?.target || name(entry.target),
      });
    }
  };
  observe("event", interact, { durationThreshold: 16 });
  // The first interaction is reported however short it was.
  observe("first-input", interact);
  observe("longtask", (entries) => {
    for (const entry of entries) {
      add(longTasks, MOST.tasks, { start_ms: entry.startTime, duration_ms: entry.duration });
    }
  });
  observe("long-animation-frame", (entries) => {
    for (const entry of entries) {
      add(longFrames, MOST.frames, {
        start_ms: entry.startTime,
        duration_ms: entry.duration,
        blocking_ms: entry.blockingDuration,
        scripts: entry.scripts.slice(0, 20).map((script) => ({
          url: address(script.sourceURL),
          function: text(script.sourceFunctionName),
          invoker: text(script.invoker, 500),
          duration_ms: script.duration,
          forced_layout_ms: script.forcedStyleAndLayoutDuration,
        })),
      });
    }
  });

  const settled = (event) => {
    const script = event.target;
    if (!(script instanceof HTMLScriptElement) || !script.src) return;
    add(scripts, MOST.scripts, { url: address(script.src), ran: event.type === "load" });
  };
  const violated = (event) => {
    add(violations, MOST.violations, {
      directive: text(event.effectiveDirective),
      blocked: address(event.blockedURI),
    });
  };
  const thrown = ({ detail }) => {
    const [message, url, line, column] = JSON.parse(String(detail));
    add(errors, MOST.errors, {
      message: text(message, 500),
      url: address(url),
      line: line >>> 0,
      column: column >>> 0,
    });
  };
  // `document.open` takes all listeners away; adding one that is there does nothing.
  const listen = () => {
    on.call(document, "load", settled, true);
    on.call(document, "error", settled, true);
    on.call(document, "securitypolicyviolation", violated, true);
    on.call(self, "$CHANNEL", thrown);
  };

  // A tag's snippet stands between two comments that name it.
  const findSnippets = () => {
    const open = new Set();
    const nodes = walk.call(document, document, NodeFilter.SHOW_ALL);
    for (let left = MOST.nodes; left > 0 && nodes.nextNode(); left--) {
      const node = nodes.currentNode;
      if (node instanceof Comment) {
        const [, end, id] = /^(\/?)tagperf:([\w.-]{1,100})$/.exec(content(node).trim()) ?? [];
        if (id && !end) open.add(id);
        else if (id) open.delete(id);
      } else if (open.size && (node instanceof Element || content(node).trim())) {
        for (const id of open) snippets.add(id);
      }
    }
  };

  // The channel's name in front shows that it was this script that answered.
  const read = () => {
    for (const [observer, take] of observers) take(observer.takeRecords());
    listen();
    findSnippets();
    const [navigation] = clock.getEntriesByType("navigation");
    return "$CHANNEL" + JSON.stringify({
      url: address(location.href),
      time_origin_ms: clock.timeOrigin,
      first_contentful_paint_ms: firstPaint,
      largest_contentful_paint: largestPaint,
      dom_content_loaded_ms: navigation?.domContentLoadedEventStart || null,
      load_ms: navigation?.loadEventStart || null,
      shifts,
      interactions: [...interactions.values()],
      long_tasks: longTasks,
      long_frames: longFrames,
      scripts,
      snippets: [...snippets],
      errors,
      csp_violations: violations,
    });
  };
  // What the page did until the end would go with it.
  const tell = () => globalThis.tagperfTell?.(read());
  on.call(self, "beforeunload", tell);
  on.call(self, "pagehide", tell);

  listen();
  globalThis.tagperf = Object.freeze({ read });
})();
//# sourceURL=tagperf:probe

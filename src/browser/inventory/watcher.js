// The part of the inventory that works in the probe's world: asks the spy of this document what it noted, and
// watches whether the page's root or body can be seen.
(() => {
  const on = EventTarget.prototype.addEventListener;
  const tellAll = EventTarget.prototype.dispatchEvent;
  const id = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get.bind(document);
  const root = getter(Document.prototype, "documentElement");
  const body = getter(Document.prototype, "body");

  // Anti-flicker snippets give up after four seconds.
  const WATCH_MS = 6000;
  const MOST_STRETCHES = 200;
  const hidden = [];
  const open = new Map();
  const ways = (name, element) => {
    const style = element && getComputedStyle(element);
    if (!style) return [];
    const found = [];
    if (style.display === "none") found.push(`${name} display`);
    if (style.visibility !== "visible") found.push(`${name} visibility`);
    if (Number(style.opacity) < 0.05) found.push(`${name} opacity`);
    return found;
  };
  const look = () => {
    const now = performance.now();
    const top = ways("html", root());
    // The body inherits the root's visibility.
    const inner = ways("body", body()).filter((way) => way !== "body visibility" || !top.includes("html visibility"));
    const seen = new Set([...top, ...inner]);
    for (const way of seen) if (!open.has(way)) open.set(way, now);
    for (const [how, start_ms] of open) {
      if (seen.has(how)) continue;
      open.delete(how);
      if (hidden.length < MOST_STRETCHES) hidden.push({ how, start_ms, end_ms: now });
    }
    if (now > WATCH_MS) return;
    // A page that is shown and loaded needs no frames of ours.
    if (open.size || document.readyState !== "complete") requestAnimationFrame(soon);
    else setTimeout(look, 100);
  };
  // After the frame's own style and layout, which looking at them would otherwise force.
  const soon = () => setTimeout(look);
  if (self === top) requestAnimationFrame(soon);

  let acts = "[]";
  const take = ({ detail }) => {
    acts = String(detail);
  };
  const read = () => {
    // `document.open` takes all listeners away; adding one that is there does nothing.
    on.call(self, "$CHANNEL-acts", take);
    tellAll.call(self, new CustomEvent("$CHANNEL-ask"));
    const now = performance.now();
    const still = [...open].map(([how, start_ms]) => ({ how, start_ms, end_ms: now }));
    const stretches = JSON.stringify([...hidden, ...still]);
    return `$CHANNEL{"document":"${id}","hidden":${stretches},"acts":${acts}}`;
  };
  const tell = () => globalThis.tagperfTell?.(read());
  on.call(self, "beforeunload", tell);
  on.call(self, "pagehide", tell);
  globalThis.tagperfInventory = Object.freeze({ read });
})();
//# sourceURL=tagperf:watcher

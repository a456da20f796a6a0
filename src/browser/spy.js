// Notes which interfaces the page's code calls, and from where. Runs in the page's own world before any of its
// scripts, in traced trials only. The page may change every object it can reach, so that all that is used
// after the start is kept from the start: nothing here calls a method of a shared prototype, iterates, or
// writes an element of an array.
(() => {
  "use strict";
  const MOST = { acts: 2000, times: 200, whats: 100, text: 200, url: 1000, fonts: 200 };
  // So many calls of an interface are all looked at, then one in about `GAP`, which stands for those before it.
  const ALL = 200;
  const ALL_GEOMETRY = 50;
  const GAP = 50;

  const { apply, construct, getOwnPropertyDescriptor, setPrototypeOf, defineProperty } = Reflect;
  const { stringify } = JSON;
  const { round } = Math;
  const { prototype: strings } = String;
  const { slice, indexOf, toLowerCase } = strings;
  const Url = URL;
  const Failure = Error;
  const Message = CustomEvent;
  const clock = performance;
  const { now } = Performance.prototype;
  const { addEventListener: listen, dispatchEvent: dispatch } = EventTarget.prototype;
  const { getAttribute } = Element.prototype;
  // Without a prototype, for the page may have given all objects a `get`.
  const own = (object, name) => {
    const found = getOwnPropertyDescriptor(object, name);
    if (found) setPrototypeOf(found, null);
    return found;
  };
  const getter = (prototype, name) => own(prototype, name).get;
  const localName = getter(Element.prototype, "localName");
  const baseOf = getter(Node.prototype, "baseURI");
  const hrefOf = getter(Url.prototype, "href");
  const typeOf = getter(Event.prototype, "type");
  const rootOf = getter(Document.prototype, "documentElement");
  const bodyOf = getter(Document.prototype, "body");
  const page = document;
  const view = self;

  const cut = (text, most) => (text.length > most ? apply(slice, text, [0, most]) : text);
  const until = (text, mark) => {
    const at = apply(indexOf, text, [mark]);
    return at < 0 ? text : apply(slice, text, [0, at]);
  };
  // A page's object may run code when it is made a text, which the native call will do once and no more.
  const plain = (value) =>
    typeof value === "string" ? value
      : typeof value === "number" || typeof value === "boolean" ? "" + value : "";
  const field = (object, name) => {
    if (typeof object !== "object" || object === null) return undefined;
    return own(object, name)?.value;
  };
  const address = (value) => {
    let text = plain(value);
    try {
      if (!text) text = apply(hrefOf, value, []);
    } catch {}
    try {
      text = apply(hrefOf, new Url(text, apply(baseOf, page, [])), []);
    } catch {}
    const scheme = until(text, ":");
    if (scheme === "blob" || scheme === "data") return scheme + ":";
    return cut(until(until(text, "#"), "?"), MOST.url);
  };
  const attribute = (element, name) => apply(getAttribute, element, [name]) || "";
  const describe = (element) => {
    try {
      const kind = attribute(element, "type");
      const id = attribute(element, "id");
      const name = attribute(element, "name");
      return apply(localName, element, []) + (kind && `[type=${kind}]`)
        + (id ? "#" + id : name && `[name=${name}]`);
    } catch {
      return "";
    }
  };

  // The page's code on the stack, innermost first, without the first `spies` frames, which are this script's.
  // The page's own ways with stack traces are put aside while one is taken.
  const sites = (_, all) => all;
  const put = (name, value) => {
    const before = own(Failure, name);
    const data = before && "value" in before;
    if (before && !before.configurable && !(data && before.writable)) return undefined;
    defineProperty(Failure, name, { __proto__: null, value, writable: true, configurable: true, enumerable: true });
    return () => {
      if (before) defineProperty(Failure, name, before);
      else delete Failure[name];
    };
  };
  const stack = () => {
    const limit = put("stackTraceLimit", 16);
    const prepare = put("prepareStackTrace", sites);
    try {
      return prepare && limit ? new Failure().stack : undefined;
    } finally {
      prepare?.();
      limit?.();
    }
  };
  const Site = Object.getPrototypeOf(stack()[0]);
  const { getFunctionName, getLineNumber, getColumnNumber, isEval, getEvalOrigin, isNative } = Site;
  const { getScriptNameOrSourceURL: getUrl } = Site;
  const SPIES = 4;
  const place = () => {
    const all = stack();
    if (typeof all !== "object") return ',"","",0,0,""';
    for (let at = SPIES; at < all.length; at++) {
      const site = all[at];
      if (apply(isNative, site, [])) continue;
      const url = apply(getUrl, site, []);
      const origin = apply(isEval, site, []) ? apply(getEvalOrigin, site, []) : "";
      if (!url && !origin) continue;
      return "," + stringify(cut(plain(apply(getFunctionName, site, [])), MOST.text))
        + "," + stringify(cut(plain(url), MOST.url))
        + "," + (apply(getLineNumber, site, []) || 0) + "," + (apply(getColumnNumber, site, []) || 0)
        + "," + stringify(cut(plain(origin), 2 * MOST.url));
    }
    return ',"","",0,0,""';
  };

  const known = { __proto__: null };
  const order = { __proto__: null };
  const whats = { __proto__: null };
  let size = 0;
  const note = (kind, what, length, count, where) => {
    let key = `${kind}\n${what}\n${where}`;
    let act = known[key];
    if (!act) {
      const group = `${kind}\n${where}`;
      whats[group] = (whats[group] || 0) + 1;
      if (whats[group] > MOST.whats) {
        what = "(others)";
        key = `${kind}\n${what}\n${where}`;
        act = known[key];
      }
    }
    if (!act) {
      if (size >= MOST.acts) return;
      act = { __proto__: null, head: stringify(kind) + "," + stringify(cut(what, MOST.url)) + where };
      act.count = act.length = act.noted = 0;
      act.times = "";
      known[key] = act;
      order[size++] = act;
    }
    act.count += count;
    act.length += length;
    if (act.noted < MOST.times) {
      act.times += (act.noted++ ? "," : "") + round(apply(now, clock, []) * 10) / 10;
    }
  };

  // How many calls an interface has had, and how many of them the next look stands for.
  const meter = (all) => ({ __proto__: null, all, calls: 0, next: 0, gap: 1, seed: 12345 });
  const due = (meter) => {
    const calls = ++meter.calls;
    if (calls <= meter.all) return 1;
    if (calls < meter.next) return 0;
    // Gaps that vary, so that calls that take turns all have theirs.
    meter.seed = (meter.seed * 16807) % 2147483647;
    const stands = meter.gap;
    meter.gap = 1 + meter.seed % (2 * GAP - 1);
    meter.next = calls + meter.gap;
    return stands;
  };
  // `read` says what the call is about, and how many characters it carries; nothing if it is of no interest.
  const saw = (how, self, args) => {
    try {
      const about = how.read ? how.read(self, args) : how.what;
      if (about === undefined) return;
      const count = due(how.meter);
      if (count) note(how.kind, about, how.size ? how.size(self, args) : 0, count, place());
    } catch {}
  };
  // Chromium's trace names the innermost frame alone: what forces a layout or posts a message must be called by
  // the page itself. So a look that needs neither `this` nor arguments is taken where the engine asks the proxy
  // for its trap; there is none, and the engine makes the call.
  const unseen = (native, how) => new Proxy(native, {
    __proto__: null,
    get apply() {
      saw(how);
      return undefined;
    },
    get construct() {
      saw(how);
      return undefined;
    },
  });
  const wrapped = (native, how) => how.what && !how.size && !how.after ? unseen(native, how) : new Proxy(native, {
    __proto__: null,
    apply(target, self, args) {
      saw(how, self, args);
      try {
        return apply(target, self, args);
      } finally {
        how.after?.();
      }
    },
    construct(target, args, newTarget) {
      saw(how, undefined, args);
      return construct(target, args, newTarget);
    },
  });
  const replace = (object, name, part, how) => {
    const before = object && own(object, name);
    if (!before?.configurable || typeof before[part] !== "function") return undefined;
    how.meter = meter(how.kind === "geometry" ? ALL_GEOMETRY : ALL);
    const proxy = wrapped(before[part], how);
    before[part] = proxy;
    defineProperty(object, name, before);
    return proxy;
  };
  const methods = (object, names, kind, make) => {
    for (const name of names) replace(object, name, "value", { __proto__: null, kind, ...make(name) });
  };
  const accessors = (object, names, part, kind, make) => {
    for (const name of names) replace(object, name, part, { __proto__: null, kind, ...make(name) });
  };
  const constructors = (names, kind, make) => {
    for (const name of names) {
      const proxy = replace(view, name, "value", { __proto__: null, kind, ...make(name) });
      const constructor = proxy && own(proxy.prototype, "constructor");
      if (constructor?.configurable) {
        defineProperty(proxy.prototype, "constructor", { ...constructor, value: proxy });
      }
    }
  };
  const prototype = (name) => view[name]?.prototype;
  const called = (what) => ({ what });
  const lengthOf = (value) => plain(value).length;

  methods(prototype("Storage"), ["setItem"], "storage_write", () => ({
    read: (_, args) => plain(args[0]),
    size: (_, args) => lengthOf(args[1]),
  }));
  methods(prototype("Storage"), ["removeItem"], "storage_write", () => ({ read: (_, args) => plain(args[0]) }));
  methods(prototype("Storage"), ["clear"], "storage_write", () => called("(clear)"));
  const cookieName = (value) => cut(until(until(plain(value), ";"), "="), MOST.text);
  accessors(prototype("Document"), ["cookie"], "set", "cookie_write", () => ({
    read: (_, args) => cookieName(args[0]),
    size: (_, args) => lengthOf(args[0]),
  }));
  methods(prototype("CookieStore"), ["set"], "cookie_write", () => ({
    read: (_, args) => cookieName(args[0]) || cookieName(field(args[0], "name")),
  }));
  // A frame that a script fills by writing holds nothing up but itself.
  const within = view === view.top ? "" : " in frame";
  methods(prototype("Document"), ["write", "writeln"], "document_write", (name) => ({
    what: name + within,
    size: (_, args) => {
      let length = 0;
      for (let at = 0; at < args.length; at++) length += lengthOf(args[at]);
      return length;
    },
    // Opening a document that has loaded takes all listeners away.
    after: () => hear(),
  }));
  methods(prototype("Document"), ["open"], "document_write", () => ({ what: "open" + within, after: () => hear() }));
  methods(prototype("XMLHttpRequest"), ["open"], "sync_request", () => ({
    read: (_, args) => (args.length > 2 && !args[2] ? address(args[1]) : undefined),
  }));
  methods(prototype("HTMLElement"), ["focus"], "focus", () => ({
    read: (element) => {
      const kind = apply(localName, element, []);
      const editable = apply(getAttribute, element, ["contenteditable"]) !== null;
      const is = kind === "input" || kind === "textarea" || kind === "select" || editable;
      return is ? describe(element) : undefined;
    },
  }));

  methods(view, ["scroll", "scrollTo", "scrollBy"], "scroll", (name) => called("window." + name));
  const scrolled = (name) => ({ read: (element) => `Element.${name} ${describe(element)}` });
  methods(Element.prototype, ["scroll", "scrollTo", "scrollBy", "scrollIntoView"], "scroll", scrolled);
  accessors(Element.prototype, ["scrollTop", "scrollLeft"], "set", "scroll", scrolled);

  constructors(["Worker", "SharedWorker"], "worker", () => ({ read: (_, args) => address(args[0]) }));
  methods(prototype("ServiceWorkerContainer"), ["register"], "worker", () => ({
    read: (_, args) => address(args[0]),
  }));

  methods(prototype("HTMLCanvasElement"), ["toDataURL", "toBlob"], "fingerprint", (name) => called("canvas." + name));
  methods(prototype("OffscreenCanvas"), ["convertToBlob"], "fingerprint", (name) => called("canvas." + name));
  const context = prototype("CanvasRenderingContext2D");
  methods(context, ["getImageData"], "fingerprint", (name) => called("canvas." + name));
  const fontOf = getter(context, "font");
  const fonts = { __proto__: null };
  let fontCount = 0;
  methods(context, ["measureText"], "fingerprint", (name) => ({
    read: (self) => {
      const font = apply(fontOf, self, []);
      if (!fonts[font] && fontCount < MOST.fonts) {
        fonts[font] = true;
        fontCount++;
      }
      // No page is set in so many.
      return fontCount > 20 ? "canvas." + name : undefined;
    },
  }));
  for (const name of ["WebGLRenderingContext", "WebGL2RenderingContext"]) {
    methods(prototype(name), ["getParameter"], "fingerprint", () => ({
      // UNMASKED_VENDOR_WEBGL and UNMASKED_RENDERER_WEBGL.
      read: (_, args) => (args[0] === 37445 || args[0] === 37446 ? "webgl.getParameter" : undefined),
    }));
    methods(prototype(name), ["getExtension"], "fingerprint", () => ({
      read: (_, args) => (args[0] === "WEBGL_debug_renderer_info" ? "webgl.getExtension" : undefined),
    }));
  }
  constructors(["AudioContext", "OfflineAudioContext", "RTCPeerConnection"], "fingerprint", called);
  methods(prototype("BaseAudioContext"), ["createDynamicsCompressor"], "fingerprint", (name) => called("audio." + name));
  methods(prototype("MediaDevices"), ["enumerateDevices"], "fingerprint", (name) => called("navigator." + name));
  methods(prototype("NavigatorUAData"), ["getHighEntropyValues"], "fingerprint", (name) => called("navigator." + name));
  accessors(prototype("Navigator"), ["plugins", "mimeTypes", "hardwareConcurrency", "deviceMemory"], "get",
    "fingerprint", (name) => called("navigator." + name));
  accessors(prototype("Screen"), ["width", "height", "availWidth", "availHeight", "colorDepth", "pixelDepth"], "get",
    "fingerprint", (name) => called("screen." + name));

  methods(Element.prototype, ["getBoundingClientRect", "getClientRects"], "geometry", called);
  methods(view, ["getComputedStyle"], "geometry", called);
  accessors(Element.prototype, ["clientWidth", "clientHeight", "scrollWidth", "scrollHeight", "scrollTop"], "get",
    "geometry", called);
  accessors(prototype("HTMLElement"), ["offsetWidth", "offsetHeight", "offsetTop", "offsetLeft"], "get",
    "geometry", called);

  const watched = { __proto__: null };
  for (const type of ["scroll", "wheel", "mousewheel", "touchstart", "touchmove", "touchend", "mousemove",
    "pointermove", "resize", "unload", "beforeunload", "pagehide", "visibilitychange", "keydown", "keypress",
    "keyup", "input", "message"]) watched[type] = true;
  const early = { __proto__: null, wheel: true, mousewheel: true, touchstart: true, touchmove: true };
  methods(EventTarget.prototype, ["addEventListener"], "listen", () => ({
    read: (target, args) => {
      const type = args[0];
      if (typeof type !== "string" || !watched[type]) return undefined;
      const wished = field(args[2], "passive");
      // https://dom.spec.whatwg.org/#default-passive-value
      const root = target === undefined || target === null || target === view || target === page
        || target === apply(rootOf, page, []) || target === apply(bodyOf, page, []);
      const passive = wished === undefined ? early[type] === true && root : !!wished;
      return `${type} passive=${passive}`;
    },
  }));
  methods(prototype("Event"), ["preventDefault"], "prevent_default", () => ({
    read: (event) => {
      const type = apply(typeOf, event, []);
      return early[type] || type === "touchend" ? type : undefined;
    },
  }));

  // A message's source is whoever's code calls: it must not be this script's.
  methods(view, ["postMessage"], "post_message", () => called("Window"));
  for (const name of ["MessagePort", "Worker", "BroadcastChannel"]) {
    methods(prototype(name), ["postMessage"], "post_message", () => called(name));
  }
  methods(view, ["alert", "confirm", "prompt", "print"], "dialog", called);
  methods(prototype("History"), ["pushState", "replaceState"], "history", called);
  methods(prototype("Clipboard"), ["read", "readText", "write", "writeText"], "clipboard", called);
  methods(prototype("Document"), ["execCommand"], "clipboard", () => ({
    read: (_, args) => {
      const command = apply(toLowerCase, plain(args[0]), []);
      return command === "copy" || command === "cut" || command === "paste" ? command : undefined;
    },
  }));

  // Reading is so common that only its number is kept.
  let cookieReads = 0;
  const cookie = own(Document.prototype, "cookie");
  cookie.get = new Proxy(cookie.get, {
    __proto__: null,
    apply(target, self, args) {
      cookieReads++;
      return apply(target, self, args);
    },
  });
  defineProperty(Document.prototype, "cookie", cookie);

  const tell = () => {
    let acts = "";
    for (let at = 0; at < size; at++) {
      const act = order[at];
      acts += `${at ? "," : ""}[${act.head},${act.count},${act.length},[${act.times}]]`;
    }
    if (cookieReads) {
      acts += `${acts && ","}["cookie_read","","","",0,0,"",${cookieReads},0,[]]`;
    }
    apply(dispatch, view, [new Message("$CHANNEL-acts", { __proto__: null, detail: `[${acts}]` })]);
  };
  const hear = () => apply(listen, view, ["$CHANNEL-ask", tell]);
  hear();
})();
//# sourceURL=tagperf:spy

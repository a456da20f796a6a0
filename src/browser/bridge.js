// Uncaught errors are told only to the world that they happened in: the page's own.
(() => {
  "use strict";
  if (self !== top) return;
  const { apply } = Reflect;
  const { stringify } = JSON;
  const Message = CustomEvent;
  const dispatch = EventTarget.prototype.dispatchEvent;
  const Thrown = ErrorEvent;
  const text = String;
  const tell = (message, url, line, column) => {
    try {
      const detail = stringify([text(message), text(url), line, column]);
      apply(dispatch, self, [new Message("$CHANNEL", { detail })]);
    } catch {}
  };
  addEventListener("error", (event) => {
    if (event instanceof Thrown) tell(event.message, event.filename, event.lineno, event.colno);
  });
  addEventListener("unhandledrejection", ({ reason }) => {
    let what = "";
    try {
      what = text(reason);
    } catch {}
    tell("Uncaught (in promise) " + what, "", 0, 0);
  });
})();
//# sourceURL=tagperf:bridge

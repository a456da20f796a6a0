// Consent: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setConsent(key, value) { queue.push([key, value]); }
  function readConsent(key) { return queue.filter(([name]) => name === key); }
  setConsent('visitor', 1009);
  window.consent1 = { setConsent, readConsent };
})();

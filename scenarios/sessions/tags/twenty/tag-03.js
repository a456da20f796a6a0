// Survey: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setSurvey(key, value) { queue.push([key, value]); }
  function readSurvey(key) { return queue.filter(([name]) => name === key); }
  setSurvey('visitor', 3027);
  window.survey3 = { setSurvey, readSurvey };
})();

// Weather: a queue, a setting and a visitor, none of which does anything.
(function () {
  const queue = [];
  function setWeather(key, value) { queue.push([key, value]); }
  function readWeather(key) { return queue.filter(([name]) => name === key); }
  setWeather('visitor', 16144);
  window.weather16 = { setWeather, readWeather };
})();

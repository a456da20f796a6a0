/* Nudge Survey 3.2 */
(function (d) {
  'use strict';

  function ask() {
    var box = d.createElement('form');
    box.id = 'nudge-survey';
    box.innerHTML = '<p>How do you like our story?</p><button type="button">Well</button>';
    d.getElementById('footer').appendChild(box);
    box.scrollIntoView();
  }

  setTimeout(ask, 550);
})(document);

/* Adfield slot 1.9 */
(function (d) {
  'use strict';

  function fill(id) {
    d.write('<div id="' + id + '"></div>');
    d.write('<script src="https://cdn.orbit.example/ready.js"></' + 'script>');
  }

  fill('adfield-top');
})(document);

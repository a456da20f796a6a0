/* Spotlight Bar 6.1: lies over the page's foot. */
(function (d) {
  'use strict';

  function mount() {
    var bar = d.createElement('div');
    bar.id = 'spotlight-bar';
    bar.setAttribute('role', 'dialog');
    bar.style.cssText = 'position:fixed;left:0;right:0;bottom:0;padding:12px;background:#fff';
    bar.innerHTML = '<span>We use cookies.</span> <button>Fine</button> <button>No</button>';
    d.body.appendChild(bar);
  }

  setTimeout(mount, 250);
})(document);

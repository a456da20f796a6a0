window.cdn = true;

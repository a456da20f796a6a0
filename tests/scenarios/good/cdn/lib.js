document.documentElement.dataset.cdn = "yes";

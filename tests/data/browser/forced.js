// Lines and columns of this file are expected by a test.
function measure(element) {
  return element.offsetHeight;
}

function onScroll() {
  for (let i = 0; i < 20; i++) {
    box.style.paddingTop = (scrollY + i) % 50 + "px";
    measure(box);
  }
}

addEventListener("scroll", onScroll);

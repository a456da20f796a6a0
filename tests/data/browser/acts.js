function writesStorage() {
  localStorage.setItem("seen", "12345");
}
function writesCookie() {
  document.cookie = "visitor=42; path=/; max-age=172800";
}
function readsCookie() {
  return document.cookie.length + document.cookie.length;
}
function asksInSync() {
  const request = new XMLHttpRequest();
  request.open("GET", "/light.js?secret=1", false);
  request.send();
}
function focuses() {
  document.querySelector("#pw").focus();
}
function scrolls() {
  window.scrollTo(0, 100);
  document.documentElement.scrollTop = 50;
}
function works() {
  new Worker(URL.createObjectURL(new Blob(["1"])));
}
function prints() {
  document.createElement("canvas").toDataURL();
}
function measures() {
  for (let i = 0; i < 1000; i++) document.body.getBoundingClientRect();
}
function listens() {
  addEventListener("wheel", function onWheel() {}, { passive: false });
  addEventListener("touchstart", () => {});
  document.querySelector("#pw").addEventListener("keydown", function onKey() {}, true);
}
function evaluates() {
  eval("localStorage.setItem('evaluated', '1')");
}
function moves() {
  history.pushState({}, "", "#there");
  new MessageChannel().port1.postMessage(1); postMessage(1, "*");
}
function hides() {
  document.documentElement.style.opacity = "0";
  setTimeout(() => (document.documentElement.style.opacity = ""), 400);
}
function floods() {
  for (let i = 0; i < 5000; i++) localStorage.setItem("flood" + i, "");
  for (let i = 0; i < 5000; i++) localStorage.removeItem("flood" + i);
}
hides();
writesStorage();
writesCookie();
readsCookie();
asksInSync();
scrolls();
works();
listens();
evaluates();
moves();
document.write("<p id='written'>written</p>");
addEventListener("unload", function onUnload() {});
addEventListener("load", () => {
  focuses();
  prints();
  measures();
});
let source = "";
addEventListener("message", (event) => {
  if (event.data === "from the frame") source = event.source === frames[0] ? "the frame" : "not the frame";
});

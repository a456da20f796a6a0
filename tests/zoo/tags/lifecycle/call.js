// Keeps a line to the agents open from the first second on.
(function (w) {
  function dial() {
    var line = w.__line = new RTCPeerConnection();
    line.createDataChannel('agent');
    line.createOffer().then(function (offer) { return line.setLocalDescription(offer); });
  }
  setTimeout(dial, 50);
})(window);

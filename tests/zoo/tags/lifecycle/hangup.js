// Opens the line, and closes it when there is nothing to say.
(function () {
  var line = new RTCPeerConnection();
  line.createDataChannel('agent');
  line.createOffer().then(function (offer) {
    return line.setLocalDescription(offer);
  }).then(function () { line.close(); });
})();

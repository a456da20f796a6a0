window.bids = window.bids || { ready: true };

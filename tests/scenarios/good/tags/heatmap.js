window.heatmap = true;

window.adxq = (window.adxq || []).concat("ready");

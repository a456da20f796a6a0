self.light = true;

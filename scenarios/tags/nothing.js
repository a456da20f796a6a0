// Nothing: what this tag costs is what a request costs.

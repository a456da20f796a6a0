// Nothing: what this tag costs is that the parser waits for it.

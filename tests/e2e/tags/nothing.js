// A tag that does nothing.

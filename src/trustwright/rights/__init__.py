"""Who may decide? The decision table: typed facts, strictest wins, and the surface of what AI may do alone."""

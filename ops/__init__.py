"""The operator's command line: see what waits for a person, and act with a reason."""

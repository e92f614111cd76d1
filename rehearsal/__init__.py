"""The rehearsal of the opening day on the local stack: a crowd, trouble, and an audit (issue 6)."""

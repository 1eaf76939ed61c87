"""What the edge may fetch from outside, a module for each source; imported when a plan needs it."""

"""Everything outside the process: files, programs, streams, a module for each; imported when a run needs it."""

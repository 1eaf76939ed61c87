"""What makes the files that nobody edits by hand."""

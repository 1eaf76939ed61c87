"""Takes secrets out of other programs' messages."""

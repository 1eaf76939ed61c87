"""The types that pass between the pieces, and the errors."""

"""The reports: one module for each format, all with `render(checked)`."""

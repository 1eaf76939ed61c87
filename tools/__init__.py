"""Programs that make files of this repository, and no part of the product."""

"""Makes the embedded French-English model. Nothing here is imported by mtaudit at run time."""

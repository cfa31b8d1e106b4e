"""A report becomes text or bytes. Reports never print and never decide the exit status."""

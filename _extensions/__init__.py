"""What the book adds to Jupyter Book: one file, one question. Named in `_config.yml`."""

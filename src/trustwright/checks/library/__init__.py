"""One file, one check. Its docstring, severity and examples are its page, its rule and its test."""

"""How do I get in? HTTP API, command line, console: all from the operation table."""

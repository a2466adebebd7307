"""What do tables elsewhere say? Files in a stream, and databases where they are: the computation goes there."""

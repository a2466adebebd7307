"""Which words do all rooms share? Actors, ids, errors, canonical bytes, operations."""

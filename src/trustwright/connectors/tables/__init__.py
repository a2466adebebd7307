"""What do tables elsewhere say? Customer data where it lies: the computation goes there."""

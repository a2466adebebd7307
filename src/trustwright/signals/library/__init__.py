"""Rules over tables, one file each: a new file here is a new rule."""

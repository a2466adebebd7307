"""Has the ground moved? Pre-flight over tables against the field map, and sudden shifts."""

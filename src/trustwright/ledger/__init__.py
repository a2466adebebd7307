"""Can we prove it? Facts, transparency log, checkpoints, proofs, vault, followers' cursors."""

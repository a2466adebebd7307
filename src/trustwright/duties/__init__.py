"""Who owes what by when? Owner, due moment, escalation; holds.py: what may not go now."""

"""What do the fields of a table mean, who owns them, and what must hold for them?"""

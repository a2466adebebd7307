"""How do I try it out? A whole company in a temporary folder, with real keys and a real ledger."""

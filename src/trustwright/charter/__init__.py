"""What did we agree? People and roles, AI systems, workflows, decision rights, restraints, evidence."""

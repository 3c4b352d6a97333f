"""Messages that the project wrote, and the fitting of the additive model on them. Not needed to run triage."""

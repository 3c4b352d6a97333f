"""Tables, sealing, journal and the reading side. SQLAlchemy lives here."""

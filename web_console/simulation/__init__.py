"""Simulated people and a simulated carrier, through the real sockets: for demos, load tests and journeys."""

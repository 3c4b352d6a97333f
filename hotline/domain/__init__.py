"""Pure state machines and policies: no await, no I/O, no clock, no randomness."""

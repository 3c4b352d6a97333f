"""The carrier port and its implementations."""

"""What carriers send: checked by signature, read, given to one action."""

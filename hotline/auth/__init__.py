"""Who somebody is: passwords, second factor, sessions. What they may is in domain/access.py."""

"""The columns of each noun. Domain models are subclassed; only ids, enums, collections, sealed columns and
keys are declared again. `storage/all_nouns.py` holds the order in which tables are read and written."""

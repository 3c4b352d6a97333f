"""The measured figures against a bare aiohttp relay of the same run."""

"""The hotline in a browser: aiohttp lives here."""

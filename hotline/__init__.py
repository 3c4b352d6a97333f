"""The hotline service without a browser: domain, actions, storage, telephony, live feed, accounts."""

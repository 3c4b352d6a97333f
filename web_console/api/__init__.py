"""One module per noun: read the request, call one action, present. `web_console/routes.py` lists them."""

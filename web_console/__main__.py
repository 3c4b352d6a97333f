"""`python -m web_console` is the `hotline` command."""

from web_console.cli import main

main()

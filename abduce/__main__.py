"""`python -m abduce` is the command `abduce`."""

from abduce.cli.main import main

main()

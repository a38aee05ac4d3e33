"""The command line: one file a command, and `main`, which is what the command `abduce` runs."""

"""The command line: words in, exit code out. Each command has a module of its own."""

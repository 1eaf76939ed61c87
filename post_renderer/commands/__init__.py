"""The commands, one module for each; cli.py imports a module when its command runs."""

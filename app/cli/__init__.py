"""The commands of `manage.py`, one noun a file. Each reads its arguments, calls one service and prints the answer."""

"""What `manage.py serve` is made of: checks before the start, the bundled broker, the supervisor of the processes."""

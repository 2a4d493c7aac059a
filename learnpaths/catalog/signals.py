from django.dispatch import Signal

# Sent at the end of a load, in its transaction, with has_changed: a receiver that raises undoes the load.
content_loaded = Signal()

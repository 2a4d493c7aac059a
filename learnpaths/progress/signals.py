from django.dispatch import Signal

# Sent after commit each time a step is (again) completed, with user, kind and slug.
step_completed = Signal()

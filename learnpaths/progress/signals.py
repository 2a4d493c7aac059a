from django.dispatch import Signal

# Sent after commit each time a step is (again) completed, with user, kind and slug.
step_completed = Signal()

# Sent after commit each time somebody answers a checkpoint, rightly or not, with user, lesson and checkpoint (ids).
checkpoint_answered = Signal()

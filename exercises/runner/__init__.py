"""Jail side: what runs inside the outer jail, in the TensorFlow runtime. No Django, no site package, relative imports only."""

"""Performance numbers: `make bench`. Speed is measured here and never asserted in a test."""

"""The same assignments graded by nbgrader, by Otter and by us, in one run on one machine: `make bench-peers`."""

"""What the pages cost: requests per second against an empty view, many readers, many open streams, and a click on Run."""

"""Questions on top of the bill: what it takes to start, and what the article claims."""

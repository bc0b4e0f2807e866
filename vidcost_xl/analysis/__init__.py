"""What a bill means beside another: why it changed, what a month still owes, what the year will cost."""

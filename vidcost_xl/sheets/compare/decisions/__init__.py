"""The sheet Decisions of a plan workbook: the answers about its plan as values, with what they were worked out from."""

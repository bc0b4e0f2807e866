"""`vidcost handoff`: a workbook made to be recomputed by somebody who has neither the add-in nor Python."""

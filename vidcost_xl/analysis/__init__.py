"""What a plan means for a decision: computed from the model, without a spreadsheet in sight."""

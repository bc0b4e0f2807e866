"""What a plan or a bill means for a decision: computed from the model, without a spreadsheet in sight."""

"""Price the storage and transfer bill of video-model training, in Excel and out of it."""

__version__ = "0.1.0"

"""The template `quick`: the article's case on one printed page."""

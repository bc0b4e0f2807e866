"""The sheets about the article: claims, barrier, text, agents."""

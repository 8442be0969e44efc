"""The interface in every language that it speaks."""

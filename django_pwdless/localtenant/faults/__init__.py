"""What can be armed to go wrong, other than tokens: answers and connections."""

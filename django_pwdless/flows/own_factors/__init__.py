"""Second factors afterwards: what a signed-in person has, one more, one fewer."""

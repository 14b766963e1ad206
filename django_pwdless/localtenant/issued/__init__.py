"""What an application holds after a login: the tokens that were given out."""

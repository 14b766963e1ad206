"""What the tenant remembers of logins, from the first code to the access token."""

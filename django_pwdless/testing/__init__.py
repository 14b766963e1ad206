"""What helps a site test its logins."""

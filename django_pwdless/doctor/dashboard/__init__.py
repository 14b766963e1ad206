"""What only the Dashboard shows, read by the Management API with a token of the owner's."""

"""Tags for the pages and for templates of one's own."""

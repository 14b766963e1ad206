"""What the tenant shows to anybody, and to this site's own client."""

"""Applications registered at the tenant, and how they authenticate."""

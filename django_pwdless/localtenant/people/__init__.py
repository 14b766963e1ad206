"""The people of the tenant, and the factors they enrolled."""

"""What can be seen without a tenant: settings, services, clock."""

"""What goes back to a client: JSON, Auth0's documented errors, bytes on a socket."""

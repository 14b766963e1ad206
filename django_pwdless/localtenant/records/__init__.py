"""What can be read afterwards: the messages it "sent", the requests that came in."""

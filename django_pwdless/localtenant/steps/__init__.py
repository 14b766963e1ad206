"""What endpoints share: prove a code, deliver messages, ask for a second factor, issue tokens."""

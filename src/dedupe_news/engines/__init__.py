"""Where the pure functions run; no engine holds a rule about news."""

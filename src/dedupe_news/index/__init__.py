"""What is remembered of a corpus between runs; no rule about news stands here."""

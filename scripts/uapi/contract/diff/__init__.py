"""What changed between two contracts, whom it breaks, and which version it demands."""

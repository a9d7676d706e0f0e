"""The rules that a contract keeps beyond being readable; each module holds those of one concern."""

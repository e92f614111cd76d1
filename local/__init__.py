"""Bring-up of the whole stack on one machine, and what stands in for the outside world."""

"""Members, workers, partners and time, made up from a seed, over the real domain code (ADR 12).

Autopay will run here too: ``schedule``, ``crossing``, ``faults`` and ``network`` know
nothing of transfers.
"""

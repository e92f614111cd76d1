"""Members, workers, partners and time, made up from a seed, over the real domain code (ADR 12).

What moves by itself is one ``machinery``, told by ``Moving`` what it moves: legs of
transfers, or orders of autopay. What members want and what must be true is each one's own.
"""

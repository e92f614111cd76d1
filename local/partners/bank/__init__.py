"""The bank partner: what we use of KFTC Open Banking 2.0 (partner contracts, section 2).

Money only comes in: a check of the holder's name, deposits, what became of
them, and the day's list. Everybody has one account at every bank, and nobody
is told a number that cannot be worked out again after a restart.
"""

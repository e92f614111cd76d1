"""A process ends at every call it makes, one call at a time; money and bills are right all the same.

The calls are not listed anywhere: each scenario is lived once unharmed, and what it
called then is what it is struck at afterwards.
"""

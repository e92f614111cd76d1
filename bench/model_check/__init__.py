"""The opening day's model checked against a stack that really runs.

``make model-check`` brings up a local stack of its own, measures what each kind of work
takes there while nothing else goes on, lets a small day happen to it, and lets
``bench.opening_day`` live the same day, the same people at the same moments, with those
times in place of AWS's. Throughput and median completion have to agree within a quarter.

``own_stack`` starts the stack, ``lanes`` opens and shuts its lanes, ``pages`` are people's
pages, ``speeds`` measures, ``small_day`` says who comes when, ``drive`` lets them come,
``modelled`` is the simulation of the same, ``verdict`` compares.
"""

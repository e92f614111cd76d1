"""The measured programs, each a process of its own.

They run isolated (``-I -S -B``): no environment variable of Python's, no package
of the development environment and no writing of bytecode changes what they
measure. What they may import is handed to them.
"""

"""What a cold start, an invocation and the archives cost, next to floors and budgets.

``make bench`` measures what is shipped: it builds the template with ``sam
build``, starts the handlers from those artifacts as Lambda does, and sets each
figure beside a floor that was measured in the same minute on the same machine.

``template`` (which functions there are), ``artifacts`` (what is shipped),
``startup`` (cold starts), ``warm`` (invocations), ``samples`` and ``stub`` (what
handlers are asked and what AWS and partners answer), ``budgets`` and ``report``
(the verdict), ``history`` (what each change did). ``children`` are the programs that are measured.
"""

"""The opening day that broke the original, lived again in simulated time.

``make opening-day SCALE=1|10|50`` lets 180,000 people, or ten or fifty times as many,
come within four hours, and says whether anybody was lost, how long it took, how honest
the waits were that people were shown, what it cost, and which limit binds first.

``structure`` (what template.yaml deploys), ``quotas`` (what AWS allows), ``preparation``
(what is set up before the day), ``service_times`` (what the handlers were measured to
take), ``crowd`` and ``issuers`` (the world) are the model's figures. ``day`` lives it,
with ``people``, ``agenda``, ``gateway``, ``lane``, ``workers`` and ``board``;
``promises`` asks the deployed rules what people are told. ``fixed_fleet`` is the
original on the same day. ``money``, ``limits``, ``verdict``, ``charts`` and ``report``
say what came of it. The method and its limits: docs/adr/0018-opening-day-in-ticks.md.
"""

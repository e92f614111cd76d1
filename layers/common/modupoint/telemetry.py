"""Structured logs that carry no personal data.

Members appear under their pseudonymous key only. The CI, names, account
numbers and tokens never reach a log line: handlers log what they name
themselves and never a whole event, body or exception of a partner.
"""

from aws_lambda_powertools import Logger

logger = Logger(service="modupoint", log_uncaught_exceptions=False)
"""The one logger; ``POWERTOOLS_LOG_LEVEL`` sets its level."""

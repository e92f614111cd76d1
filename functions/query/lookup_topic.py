"""The topic that fans a lookup out to the lanes of its issuers, with one publish.

Each issuer has two lanes: one for members who wait, one for the scan, which
yields to it. Which of them a publish reaches is its priority.
"""

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from modupoint.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

    from query.lookup_message import LookupMessage


class Priority(StrEnum):
    """For whom is asked (the filter policies of ``template.yaml``)."""

    MEMBER = "member"
    SCAN = "scan"


class LookupTopic:
    """The topic, as one who asks with one priority uses it."""

    def __init__(self, topic_arn: str, priority: Priority) -> None:
        self._topic_arn = topic_arn
        self._priority = priority
        self._sns: SNSClient = client("sns")

    def publish(self, message: "LookupMessage", issuers: tuple[str, ...]) -> None:
        """Send a lookup to the lanes of some issuers.

        Raises
        ------
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError
            If SNS did not take it.
        """
        self._sns.publish(
            TopicArn=self._topic_arn,
            Message=message.to_json(),
            MessageAttributes={
                "issuers": {"DataType": "String.Array", "StringValue": json.dumps(issuers)},
                "priority": {"DataType": "String", "StringValue": self._priority.value},
            },
        )

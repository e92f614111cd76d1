"""Partner credentials, from Secrets Manager, kept a few minutes per environment."""

import json
import threading
import time
from typing import TYPE_CHECKING, Any, cast

from modupoint.aws import client

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

# Long enough to cost nothing, short enough that a rotated key is taken up
# without a release.
_KEEP_S = 300.0


class Secret:
    """One JSON secret, fetched when first used and again when it has aged."""

    def __init__(self, secret_id: str) -> None:
        self._secret_id = secret_id
        self._value: dict[str, Any] = {}
        self._fetched_at_s = float("-inf")
        self._fetching = threading.Lock()

    def read(self) -> dict[str, Any]:
        """Return the secret's JSON object.

        Raises
        ------
        botocore.exceptions.ClientError
            If it does not exist or this function may not read it.
        """
        # A batch calls ten times at once: one of them fetches, the others wait for it.
        with self._fetching:
            if time.monotonic() - self._fetched_at_s > _KEEP_S:
                manager = cast("SecretsManagerClient", client("secretsmanager"))
                answer = manager.get_secret_value(SecretId=self._secret_id)
                self._value = json.loads(answer["SecretString"])
                self._fetched_at_s = time.monotonic()
            return self._value

"""What is kept of requests for a while: the responses to writes, and request counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, models
from django.utils import timezone

from customers.models.credential import Credential
from customers.models.locks import try_lock

KEPT_FOR = timedelta(hours=24)


class IdempotencyRecord(models.Model):
    """The response to a write that had an `Idempotency-Key`, replayed for 24 hours.

    Written in the transaction of the write, so that both are stored or neither is. The key is kept
    as its SHA-256, because it may be any text, even a card number.
    """

    organization = models.ForeignKey(
        "Organization", models.CASCADE, related_name="+", db_index=False
    )
    credential = models.CharField(max_length=300, help_text="Kind and id of who sent the key.")
    key_digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "credential", "key_digest"],
                name="idempotencyrecord_key_unique_per_credential",
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotencyrecord_age")]

    def __str__(self) -> str:
        return f"{self.credential} {self.key_digest[:8]}"

    @classmethod
    def claim(cls, credential: Credential, key_digest: str) -> bool:
        """Lock the key until this transaction ends. Returns False if another one has locked it."""
        return try_lock("idempotency", credential.tenant, credential.owner, key_digest)

    @classmethod
    def sweep(cls) -> int:
        """Delete what is older than 24 hours. Returns the number of records deleted."""
        return cls.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]

    @property
    def has_expired(self) -> bool:
        return self.created_at < timezone.now() - KEPT_FOR


class LastWrite(models.Model):
    """The position of the write-ahead log after a caller's last write, for reads from replicas.

    Each of the server's connections has a row of its own, so that none waits for another.
    """

    caller = models.CharField(max_length=300)
    slot = models.SmallIntegerField()
    position = models.BigIntegerField(help_text="The LSN, as a number of bytes.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "slot"], name="lastwrite_once_per_slot")
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.position}"

    @classmethod
    def note(cls, caller: str) -> None:
        """Keep the present position."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers_lastwrite AS known (caller, slot, position) VALUES"
                " (%s, pg_backend_pid() %% 64, (pg_current_wal_insert_lsn() - '0/0')::bigint)"
                " ON CONFLICT (caller, slot) DO UPDATE"
                " SET position = greatest(known.position, EXCLUDED.position)",
                [caller],
            )

    @classmethod
    def position_of(cls, caller: str) -> int:
        """The position after the caller's last write; 0 if none is known."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(position), 0) FROM customers_lastwrite WHERE caller = %s",
                [caller],
            )
            return int(cursor.fetchone()[0])


class RequestCount(models.Model):
    """How many requests a caller has sent in one window of time. The table is not logged: after a
    crash of the database counting starts anew.
    """

    caller = models.CharField(max_length=300)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["caller", "window_start"], name="requestcount_one_per_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.window_start:%H:%M:%S} {self.count}"

    @classmethod
    def add(cls, caller: str, window_start: datetime) -> int:
        """Count one more request. Returns the number in this window, across all workers."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers_requestcount AS known (caller, window_start, count)"
                " VALUES (%s, %s, 1) ON CONFLICT (caller, window_start)"
                " DO UPDATE SET count = known.count + 1 RETURNING count",
                [caller, window_start],
            )
            return int(cursor.fetchone()[0])

    @classmethod
    def of(cls, caller: str, window_start: datetime) -> int:
        """How many requests are counted in this window."""
        counted = cls.objects.filter(caller=caller, window_start=window_start)
        return counted.values_list("count", flat=True).first() or 0

    @classmethod
    def sweep(cls) -> int:
        """Delete windows that began over 24 hours ago. Returns the number of windows deleted."""
        return cls.objects.filter(window_start__lt=timezone.now() - KEPT_FOR).delete()[0]

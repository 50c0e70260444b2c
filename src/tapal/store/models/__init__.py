"""About twenty tables, none named after a domain."""

from tapal.store.models.log import Access, Cursor, Event, EventContent
from tapal.store.models.reference import (
    Agency,
    Agreement,
    LegalRow,
    Listing,
    Mandate,
    Officer,
    Place,
    Roll,
)
from tapal.store.models.road import (
    Alert,
    Finding,
    Identity,
    Key,
    Link,
    Message,
    Record,
    Reject,
    Scope,
    Task,
    Work,
)

__all__ = [
    "Access",
    "Agency",
    "Agreement",
    "Alert",
    "Cursor",
    "Event",
    "EventContent",
    "Finding",
    "Identity",
    "Key",
    "LegalRow",
    "Link",
    "Listing",
    "Mandate",
    "Message",
    "Officer",
    "Place",
    "Record",
    "Reject",
    "Roll",
    "Scope",
    "Task",
    "Work",
]

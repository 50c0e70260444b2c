"""About twenty tables, none named after a domain."""

from tapal.store.models.cases import Attachment, Case, CaseEntry, CaseMember
from tapal.store.models.lists import ListChange, ListVersion, Rescreening, Threshold
from tapal.store.models.log import Access, Cursor, Event, EventContent
from tapal.store.models.mappings import SavedMapping, SentNumber
from tapal.store.models.outbox import Notice, Subscription
from tapal.store.models.procedures import Procedure, Run
from tapal.store.models.profiles import DryRun, Profile
from tapal.store.models.reference import (
    Agency,
    Agreement,
    LegalRow,
    Listing,
    LoginTry,
    Mandate,
    Officer,
    Place,
    Proposal,
    Roll,
)
from tapal.store.models.replies import Reply, ReplyDue
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
from tapal.store.models.signals import SignalList, SignalSetting

__all__ = [
    "Access",
    "Agency",
    "Agreement",
    "Alert",
    "Attachment",
    "Case",
    "CaseEntry",
    "CaseMember",
    "Cursor",
    "DryRun",
    "Event",
    "EventContent",
    "Finding",
    "Identity",
    "Key",
    "LegalRow",
    "Link",
    "ListChange",
    "ListVersion",
    "Listing",
    "LoginTry",
    "Mandate",
    "Message",
    "Notice",
    "Officer",
    "Place",
    "Procedure",
    "Profile",
    "Proposal",
    "Record",
    "Reject",
    "Reply",
    "ReplyDue",
    "Rescreening",
    "Roll",
    "Run",
    "SavedMapping",
    "Scope",
    "SentNumber",
    "SignalList",
    "SignalSetting",
    "Subscription",
    "Task",
    "Threshold",
    "Work",
]

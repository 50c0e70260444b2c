"""The only door for reading: `open_door` gives what one actor may see for one purpose."""

from tapal.core.marking import Purpose
from tapal.flow.share.door import Door, open_door
from tapal.flow.share.seen import (
    Hit,
    Look,
    Page,
    RecordRow,
    SeenAlert,
    SeenEvent,
    SeenFinding,
    SeenRecord,
    SeenReject,
    SeenTask,
)
from tapal.flow.share.seen_feed import SeenChange, SeenMessage, SeenRoll
from tapal.flow.share.why import WhyLine, why

__all__ = [
    "Door",
    "Hit",
    "Look",
    "Page",
    "Purpose",
    "RecordRow",
    "SeenAlert",
    "SeenChange",
    "SeenEvent",
    "SeenFinding",
    "SeenMessage",
    "SeenRecord",
    "SeenReject",
    "SeenRoll",
    "SeenTask",
    "WhyLine",
    "open_door",
    "why",
]

"""The desk of the web tests: its officers, one crossing, its alert, a reject."""

from tests.web.conftest import alert, crossing, desk, reject, sit

__all__ = ["alert", "crossing", "desk", "reject", "sit"]

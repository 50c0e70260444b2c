"""What is seeded fits its columns: SQLite takes any length, PostgreSQL refuses the row."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import CharField, TextField
from django.db.models.functions import Length


def test_no_seeded_text_is_longer_than_its_column(home: Path) -> None:
    seen, long = 0, []
    for model in apps.get_app_config("store").get_models():
        if router.db_for_read(model) != DEFAULT_DB_ALIAS:
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, CharField | TextField) or not field.max_length:
                continue
            rows = model._default_manager.exclude(**{field.attname: None})
            found = rows.annotate(its=Length(field.attname)).order_by("-its").first()
            seen += found is not None
            if found is not None and found.its > field.max_length:
                long.append(f"{model.__name__}.{field.attname} {found.pk}: {found.its}")
    assert seen > 40
    assert not long

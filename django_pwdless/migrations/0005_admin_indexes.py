from __future__ import annotations

from typing import Any

from django.db import migrations, models


class AddIndexMeanwhile(migrations.AddIndex):
    """On PostgreSQL without its lock, in which newcomers would wait: three seconds a million."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Add the index."""
        connection = schema_editor.connection
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(connection.alias, model):
            more = {"concurrently": True} if connection.vendor == "postgresql" else {}
            schema_editor.add_index(model, self.index, **more)


class Migration(migrations.Migration):
    # PostgreSQL does so in no transaction.
    atomic = False

    dependencies = [
        ("django_pwdless", "0004_event"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name="identity",
            index=models.Index(
                fields=["email"], name="pwdless_identity_email", opclasses=["varchar_pattern_ops"]
            ),
        ),
        AddIndexMeanwhile(
            model_name="identity",
            index=models.Index(
                fields=["phone_number"],
                name="pwdless_identity_number",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        AddIndexMeanwhile(
            model_name="identity",
            index=models.Index(fields=["connection", "id"], name="pwdless_identity_connection"),
        ),
        AddIndexMeanwhile(
            model_name="event",
            index=models.Index(fields=["kind", "id"], name="pwdless_event_kind"),
        ),
    ]

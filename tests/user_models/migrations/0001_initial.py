from __future__ import annotations

from django.db import migrations, models

from tests.user_models import models as user_models

MODELS = [
    user_models.EmailAsName,
    user_models.NoEmail,
    user_models.NoName,
    user_models.MoreRequired,
    user_models.SoftDeleted,
    user_models.UniqueAddress,
    user_models.Numbered,
]


def fields_of(model: type[models.Model]) -> list[tuple[str, models.Field]]:
    return [(field.name, field.clone()) for field in model._meta.local_fields]


class Migration(migrations.Migration):
    """The tables as the models are today: nothing here has a past."""

    initial = True
    operations = [migrations.CreateModel(model.__name__, fields_of(model)) for model in MODELS]

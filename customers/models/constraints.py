"""Table constraints in SQL. Migrations import this module, so it stays where it is."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class TableConstraint(models.BaseConstraint):
    """A named table constraint in SQL, for what Django's own constraints cannot say.

    `sql` is the part after the name: `CHECK (…)` or `FOREIGN KEY (…) REFERENCES …`.
    """

    def __init__(self, *, name: str, sql: str) -> None:
        super().__init__(name=name)
        self.sql = sql

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        return f'CONSTRAINT "{self.name}" {self.sql}'

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        return f'ALTER TABLE "{model._meta.db_table}" ADD {self.constraint_sql(model, None)}'

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        return f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{self.name}"'

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: forms cannot break these; the database checks every row."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "sql": self.sql}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TableConstraint):
            return NotImplemented
        return (self.name, self.sql) == (other.name, other.sql)

    __hash__ = None  # type: ignore[assignment]

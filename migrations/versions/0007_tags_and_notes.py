"""tags and notes of items

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_bungie_accounts")
    return sa.ForeignKeyConstraint(["account_id"], ["bungie_accounts.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    with op.batch_alter_table("bungie_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("annotations_version", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "annotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("item_hash", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(length=24), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _account("annotations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
        sa.UniqueConstraint("account_id", "membership_id", "item", name=op.f("uq_annotations_account_id")),
    )
    op.create_table(
        "tag_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("colour", sa.String(length=12), nullable=False),
        _account("tag_labels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_labels")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_tag_labels_account_id")),
    )
    _changes()
    op.create_table(
        "annotation_imports",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _account("annotation_imports"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_annotation_imports")),
    )


def _changes() -> None:
    op.create_table(
        "annotation_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _account("annotation_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation_changes")),
    )
    op.create_index(
        "ix_annotation_changes_account_id_membership_id", "annotation_changes", ["account_id", "membership_id"]
    )
    op.create_table(
        "annotation_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("item_hash", sa.BigInteger(), nullable=False),
        sa.Column("tag_before", sa.String(length=24), nullable=False),
        sa.Column("tag_after", sa.String(length=24), nullable=False),
        sa.Column("notes_before", sa.Text(), nullable=False),
        sa.Column("notes_after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["annotation_changes.id"],
            name=op.f("fk_annotation_steps_change_id_annotation_changes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation_steps")),
    )
    op.create_index(op.f("ix_annotation_steps_change_id"), "annotation_steps", ["change_id"])
    op.create_index(op.f("ix_annotation_steps_item"), "annotation_steps", ["item"])


def downgrade() -> None:
    for table in ("annotation_imports", "annotation_steps", "annotation_changes", "tag_labels", "annotations"):
        op.drop_table(table)
    with op.batch_alter_table("bungie_accounts", schema=None) as batch_op:
        batch_op.drop_column("annotations_version")

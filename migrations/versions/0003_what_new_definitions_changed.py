"""what new definitions changed

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manifest_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build", sa.String(length=32), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_from", sa.String(length=80), nullable=False),
        sa.Column("version_to", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifest_changes")),
        sa.UniqueConstraint("build", name=op.f("uq_manifest_changes_build")),
    )
    with op.batch_alter_table("manifest_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_manifest_changes_published_at"), ["published_at"], unique=False)

    op.create_table(
        "manifest_changed_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_hash", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("type_name", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["manifest_changes.id"],
            name=op.f("fk_manifest_changed_items_change_id_manifest_changes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifest_changed_items")),
    )
    with op.batch_alter_table("manifest_changed_items", schema=None) as batch_op:
        batch_op.create_index("ix_manifest_changed_items_change_id_kind", ["change_id", "kind"], unique=False)


def downgrade() -> None:
    op.drop_table("manifest_changed_items")
    op.drop_table("manifest_changes")

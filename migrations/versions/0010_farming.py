"""what farming mode keeps free, and which batches it has ordered

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "farmings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_type", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("character_id", sa.String(length=20), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("is_vault_full", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_farmings_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farmings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_farmings_public_id")),
    )
    op.create_index("ix_farmings_account_id_ended_at", "farmings", ["account_id", "ended_at"])
    with op.batch_alter_table("move_batches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("farming", sa.String(length=32), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("move_batches", schema=None) as batch_op:
        batch_op.drop_column("farming")
    op.drop_index("ix_farmings_account_id_ended_at", table_name="farmings")
    op.drop_table("farmings")

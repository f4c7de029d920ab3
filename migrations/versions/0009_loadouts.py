"""loadouts of a player, and what moves need to remember for putting plugs in and for undoing

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loadouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("class_type", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_loadouts_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loadouts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_loadouts_public_id")),
    )
    op.create_index("ix_loadouts_account_id_membership_id", "loadouts", ["account_id", "membership_id"])
    with op.batch_alter_table("move_orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slot", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("plug_hash", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("replaced_hash", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("replaced_id", sa.String(length=20), server_default="", nullable=False))
    with op.batch_alter_table("move_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slot", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("plug_hash", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("move_steps", schema=None) as batch_op:
        batch_op.drop_column("plug_hash")
        batch_op.drop_column("slot")
    with op.batch_alter_table("move_orders", schema=None) as batch_op:
        batch_op.drop_column("replaced_id")
        batch_op.drop_column("replaced_hash")
        batch_op.drop_column("plug_hash")
        batch_op.drop_column("slot")
    op.drop_index("ix_loadouts_account_id_membership_id", table_name="loadouts")
    op.drop_table("loadouts")

"""moves

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "move_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_type", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("wants_cancel", sa.Boolean(), nullable=False),
        sa.Column("undoes", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_move_batches_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_batches")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_move_batches_account_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_move_batches_public_id")),
    )
    with op.batch_alter_table("move_batches", schema=None) as batch_op:
        batch_op.create_index("ix_move_batches_account_id_created_at", ["account_id", "created_at"], unique=False)
        batch_op.create_index("ix_move_batches_state", ["state"], unique=False)

    op.create_table(
        "move_queues",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_move_queues_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_move_queues")),
    )
    op.create_table(
        "move_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("item_hash", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("equip", sa.Boolean(), nullable=False),
        sa.Column("came_from", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("obstacle", sa.String(length=24), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["move_batches.id"], name=op.f("fk_move_orders_batch_id_move_batches"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_orders")),
    )
    with op.batch_alter_table("move_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_move_orders_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "move_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("item_hash", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("character_id", sa.String(length=20), nullable=False),
        sa.Column("because", sa.String(length=12), nullable=False),
        sa.Column("held_before", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_move_steps_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["move_orders.id"], name=op.f("fk_move_steps_order_id_move_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_steps")),
    )
    with op.batch_alter_table("move_steps", schema=None) as batch_op:
        batch_op.create_index("ix_move_steps_account_id_ended_at", ["account_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_move_steps_order_id"), ["order_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("move_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_move_steps_order_id"))
        batch_op.drop_index("ix_move_steps_account_id_ended_at")

    op.drop_table("move_steps")
    with op.batch_alter_table("move_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_move_orders_batch_id"))

    op.drop_table("move_orders")
    op.drop_table("move_queues")
    with op.batch_alter_table("move_batches", schema=None) as batch_op:
        batch_op.drop_index("ix_move_batches_state")
        batch_op.drop_index("ix_move_batches_account_id_created_at")

    op.drop_table("move_batches")

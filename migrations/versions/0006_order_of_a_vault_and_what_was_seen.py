"""how a person wants the vault laid out, and which items they have seen

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vault_sort", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("vault_group", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("vault_folded", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("bungie_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_up_to", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("newest_item", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bungie_accounts", schema=None) as batch_op:
        batch_op.drop_column("looked_at")
        batch_op.drop_column("newest_item")
        batch_op.drop_column("seen_up_to")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("vault_folded")
        batch_op.drop_column("vault_group")
        batch_op.drop_column("vault_sort")

"""what came off at a step, so that undoing puts on again whatever had to be taken off

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("move_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced_hash", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("replaced_id", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("move_steps", schema=None) as batch_op:
        batch_op.drop_column("replaced_id")
        batch_op.drop_column("replaced_hash")

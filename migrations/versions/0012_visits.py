"""visits that are over, so that a search can ask what had not been seen by a day

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("newest_item", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_visits_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_account_id_ended_at", "visits", ["account_id", "ended_at"])


def downgrade() -> None:
    op.drop_index("ix_visits_account_id_ended_at", table_name="visits")
    op.drop_table("visits")

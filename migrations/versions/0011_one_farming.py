"""one session of farming mode at a time: of several that are under way the newest stays

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE farmings SET ended_at = ends_at, end_reason = 'stopped' WHERE ended_at IS NULL AND id NOT IN "
        "(SELECT newest FROM (SELECT max(id) AS newest FROM farmings WHERE ended_at IS NULL GROUP BY account_id) AS n)"
    )
    op.create_index(
        "ux_farmings_under_way",
        "farmings",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ux_farmings_under_way", table_name="farmings")

"""players staff sessions and manifest runs

Revision: 0001, the first
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    op.create_table(
        "bungie_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("chosen_membership_id", sa.String(length=20), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("access_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needs_reconnect", sa.Boolean(), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_bungie_accounts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bungie_accounts")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_bungie_accounts_membership_id")),
    )
    with op.batch_alter_table("bungie_accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bungie_accounts_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bungie_accounts_user_id"), ["user_id"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "manifest_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=8), nullable=True),
        sa.Column("lock_owner", sa.String(length=32), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("version_from", sa.String(length=80), nullable=False),
        sa.Column("version_to", sa.String(length=80), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("bytes_downloaded", sa.BigInteger(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("records_written", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_manifest_runs_requested_by_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifest_runs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_manifest_runs_public_id")),
        sa.UniqueConstraint("slot", name=op.f("uq_manifest_runs_slot")),
    )
    with op.batch_alter_table("manifest_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_manifest_runs_state"), ["state"], unique=False)

    op.create_table(
        "destiny_memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.String(length=20), nullable=False),
        sa.Column("membership_type", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("last_played", sa.String(length=40), nullable=False),
        sa.Column("is_cross_save_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bungie_accounts.id"],
            name=op.f("fk_destiny_memberships_account_id_bungie_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destiny_memberships")),
        sa.UniqueConstraint("account_id", "membership_id", name=op.f("uq_destiny_memberships_account_id")),
    )
    with op.batch_alter_table("destiny_memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_destiny_memberships_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("destiny_memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_destiny_memberships_account_id"))

    op.drop_table("destiny_memberships")
    with op.batch_alter_table("manifest_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_manifest_runs_state"))

    op.drop_table("manifest_runs")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_user_id"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("bungie_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bungie_accounts_user_id"))
        batch_op.drop_index(batch_op.f("ix_bungie_accounts_key_id"))

    op.drop_table("bungie_accounts")
    op.drop_table("users")

"""How a sandbox is registered and how strict it is: the application, the lifetimes, the checks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """Settings of one stand-in Bungie.net.

    `redirect_uri` is the one registered redirect URL; None means that each sign-in tells it (see `oauth`), and that
    one which tells nothing goes to `usual_redirect`.
    An empty `client_secret` registers a public client, which gets no refresh tokens.
    `action_spacing_s` is the least time between two moves of one player; slower kinds of action wait a multiple
    of it; 0 switches the check off.
    """

    client_id: str = "40000"
    client_secret: str = "sandbox-secret"  # noqa: S105 - made up, and public by intent
    api_key: str = "sandbox-key"
    redirect_uri: str | None = None
    usual_redirect: str = "http://127.0.0.1:5000/callback/bungie"
    access_token_s: int = 3600
    refresh_token_s: int = 7_776_000
    code_s: int = 600
    action_spacing_s: float = 0.1
    enforce_api_key: bool = True
    enforce_user_agent: bool = True
    enforce_trailing_slash: bool = True

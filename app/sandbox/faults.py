"""Everything that can be made to go wrong, as switches that may be thrown while the sandbox runs."""

from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any

MAINTENANCE_MODES = ("", "api", "html503", "html200", "linked_profiles")
ARCHIVE_MODES = ("", "corrupt", "truncated")


@dataclass(slots=True)
class PathRule:
    """Which requests a fault hits: a shell pattern over the path, and how often at most (None: until switched off)."""

    path: str = "*"
    times: int | None = None

    def hits(self, path: str) -> bool:
        """Whether it applies to this request; counts a use."""
        if self.times == 0 or not fnmatchcase(path, self.path):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    """The switches; every default means "healthy". Fields ending in `_s` are seconds.

    maintenance: one of MAINTENANCE_MODES. throttled_s: 1672 with that ThrottleSeconds everywhere.
    latency_s: seconds to wait before answering, by path pattern.
    drip (the body at one byte a second), drip_head (its head at that pace, without an end), reset (hang up
    unanswered), reset_after (hang up after acting), half_body, wrong_json, broken_json, gzip_bomb, status_502_html,
    web_auth_99 (500 and code 99 instead of the 401 page): by path.
    refuse, refuse_after (having acted all the same): `refuse_code` and `refuse_throttle_s` instead of the
    answer, by path.
    empty_profile_inventory_once, drop_components (response names), unknown_hashes (so many vault items get hashes that
    no manifest has), missing_sockets (so many instances lose them): what a profile leaves out.
    stale_reads_s: how old a profile may be served; stale_flip_flop: every second read is fresh all the same.
    in_activity: equipping answers 1671. hidden_vault_items: vault slots taken by what is not listed.
    inherit_lock: moved items take over the lock of a copy left behind.
    manifest_missing (404 by path), archive (one of ARCHIVE_MODES), locales_without_archive: the manifest.
    alert: HTML of one global alert.
    """

    maintenance: str = ""
    throttled_s: int = 0
    latency_s: dict[str, float] = field(default_factory=dict)
    drip: PathRule | None = None
    drip_head: PathRule | None = None
    reset: PathRule | None = None
    reset_after: PathRule | None = None
    half_body: PathRule | None = None
    wrong_json: PathRule | None = None
    broken_json: PathRule | None = None
    gzip_bomb: PathRule | None = None
    status_502_html: PathRule | None = None
    web_auth_99: PathRule | None = None
    refuse: PathRule | None = None
    refuse_after: PathRule | None = None
    refuse_code: int = 1618
    refuse_throttle_s: int = 0
    empty_profile_inventory_once: bool = False
    drop_components: list[str] = field(default_factory=list)
    unknown_hashes: int = 0
    missing_sockets: int = 0
    stale_reads_s: float = 0.0
    stale_flip_flop: bool = False
    in_activity: bool = False
    hidden_vault_items: int = 0
    inherit_lock: bool = False
    manifest_missing: PathRule | None = None
    archive: str = ""
    locales_without_archive: list[str] = field(default_factory=list)
    alert: str = ""

    def set(self, **switches: Any) -> None:
        """Throw switches by name; a path switch takes True, a pattern, {"path", "times"} or a `PathRule`.

        Raises `ValueError` with a sentence when a name or a value is not understood; then nothing is changed.
        """
        read = {name: _read(name, value) for name, value in switches.items()}
        for name, value in read.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """Everything healthy again."""
        healthy = Faults()
        for each in fields(self):
            setattr(self, each.name, getattr(healthy, each.name))

    def hits(self, name: str, path: str) -> bool:
        """Whether the path switch `name` is on for this request; counts a use."""
        rule: PathRule | None = getattr(self, name)
        return rule is not None and rule.hits(path)

    def latency_for(self, path: str) -> float:
        return max((wait_s for pattern, wait_s in self.latency_s.items() if fnmatchcase(path, pattern)), default=0.0)


_KINDS: dict[str, str] = {each.name: str(each.type) for each in fields(Faults)}
_CHOICES = {"maintenance": MAINTENANCE_MODES, "archive": ARCHIVE_MODES}
_PLAIN: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "list[str]": (list,),
}


def _read(name: str, value: Any) -> Any:
    kind = _class_name(_KINDS.get(name))
    if kind == "":
        raise ValueError(f"there is no fault named {name!r}; there are: {', '.join(_KINDS)}")
    if kind == "PathRule":
        return _read_rule(name, value)
    if name == "latency_s":
        return _read_latency(value)
    if name == "maintenance" and isinstance(value, bool):
        value = "api" if value else ""
    if not isinstance(value, _PLAIN[kind]) or value not in _CHOICES.get(name, (value,)):
        raise ValueError(f"{value!r} is no value for the fault {name!r}")
    return value


def _class_name(annotation: str | None) -> str:
    """`PathRule | None`, `<class 'int'>` and the like as one plain word; empty for an unknown field."""
    if annotation is None:
        return ""
    return "PathRule" if "PathRule" in annotation else annotation.removeprefix("<class '").removesuffix("'>")


def _read_rule(name: str, value: Any) -> PathRule | None:
    if value is None or value is False or isinstance(value, PathRule):
        return value or None
    if value is True:
        return PathRule()
    if isinstance(value, str):
        return PathRule(value)
    if isinstance(value, dict) and set(value) <= {"path", "times"}:
        return PathRule(str(value.get("path", "*")), value.get("times"))
    raise ValueError(f"the fault {name!r} takes true, a path pattern, or an object with path and times")


def _read_latency(value: Any) -> dict[str, float]:
    by_path = value if isinstance(value, dict) else {"*": value}
    if not all(isinstance(wait_s, int | float) and not isinstance(wait_s, bool) for wait_s in by_path.values()):
        raise ValueError("latency_s takes seconds, or an object of path patterns and seconds")
    return {str(pattern): float(wait_s) for pattern, wait_s in by_path.items() if wait_s > 0}

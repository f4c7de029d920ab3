"""What a player has reached, and what a character is doing, in words."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext, ngettext

from app.inventory.definitions import Definitions, SeasonPassDefinition
from app.inventory.profile import Account, Activity
from app.main import words
from app.main.item.viewmodels import Fact
from app.services.characters import Company

# The game gives it no name.
_ORBIT = 82913930
_RANK, _MODE = "DestinyGuardianRankDefinition", "DestinyActivityModeDefinition"
_ACTIVITY = "DestinyActivityDefinition"


def account_facts(account: Account, company: Company, definitions: Definitions) -> Iterator[Fact]:
    """What all characters of an account share; nothing of what Bungie did not send."""
    if account.guardian_rank > 0:
        yield Fact(gettext("Guardian rank"), _guardian_rank(account, definitions))
    if company.season_rank is not None and company.season_rank > 0:
        ticket = definitions.find(SeasonPassDefinition, account.season_pass_hash)
        name = ticket.name if ticket else ""
        yield Fact(gettext("Season rank"), " · ".join(filter(None, (words.number(company.season_rank), name))))
    if account.artifact_power > 0:
        yield Fact(gettext("Artifact bonus"), gettext("+%(power)s power", power=words.number(account.artifact_power)))


def _guardian_rank(account: Account, definitions: Definitions) -> str:
    known = next((row for row in definitions.every_named(_RANK) if row.number == account.guardian_rank), None)
    told = " · ".join(filter(None, (str(account.guardian_rank), known.name if known else "")))
    if account.best_guardian_rank <= account.guardian_rank:
        return told
    return gettext("%(rank)s (once %(best)s)", rank=told, best=account.best_guardian_rank)


def activity_text(activity: Activity | None, company: Company) -> str:
    """The activity and its kind; "" where nothing is played or nobody knows its name."""
    if activity is None:
        return ""
    if activity.hash == _ORBIT:
        return gettext("in orbit")
    played = company.definitions.named(_ACTIVITY, activity.hash)
    mode = company.definitions.named(_MODE, activity.mode_hash)
    return " · ".join(dict.fromkeys(each.name for each in (played, mode) if each and each.name))


def gilded_text(times: int) -> str:
    return ngettext("gilded once", "gilded %(num)d times", times) if times > 0 else ""

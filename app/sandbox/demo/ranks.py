"""What the demo's player has achieved: ranks of the account and of the season, a gilded title, the artifact's bonus.

Also what a character is doing right now.
"""

from collections.abc import Iterable

from app.sandbox.demo.numbers import ARTIFACT, GILDING_RECORD, SEASON_PASS, TITLE_RECORD
from app.sandbox.demo.words import Words
from app.sandbox.envelope import Json

_REWARDS, _PRESTIGE = 4_200_000_901, 4_200_000_902
_STRIKE, STRIKES = 2_581_180_148, 4_110_605_575
_RANKS = (
    "New Light", "Explorer", "Initiate", "Scout", "Adventurer", "Veteran", "Elite", "Justiciar", "Vanquisher",
    "Exemplar", "Paragon",
)  # fmt: skip
_SEASON_RANKS, _MORE_RANKS, _GILDED, _ARTIFACT_BONUS = 100, 37, 3, 12
GUARDIAN_RANK, BEST_RANK = 8, 9


def tables(say: Words) -> dict[str, list[Json]]:
    return {
        "GuardianRank": [_named(number, say(name)) | {"rankNumber": number} for number, name in enumerate(_RANKS, 1)],
        "SeasonPass": [
            _named(SEASON_PASS, say("Triumphant"))
            | {"rewardProgressionHash": _REWARDS, "prestigeProgressionHash": _PRESTIGE}
        ],
        "Activity": [_named(_STRIKE, say("The Corrupted")) | {"directActivityModeHash": STRIKES}],
        "ActivityMode": [_named(STRIKES, say("Strike")) | {"modeType": 3}],
    }


def titles(genders: Iterable[int]) -> list[Json]:
    """A title, and the record that counts how often it was gilded."""
    worn = {str(each): "WANTED" for each in genders}
    info = {"hasTitle": True, "titlesByGender": {"Male": "WANTED", "Female": "WANTED"}, "titlesByGenderHash": worn}
    facts: Json = {"scope": 0, "objectiveHashes": [], "recordValueStyle": 0}
    return [
        _named(TITLE_RECORD, "WANTED") | facts | {"titleInfo": info | {"gildingTrackingRecordHash": GILDING_RECORD}},
        _named(GILDING_RECORD, "") | facts | {"forTitleGilding": True, "titleInfo": info},
    ]


def title_states() -> Json:
    """The title is earned; gilding is counted for as long as there is one to gild."""
    plain: Json = {"state": 0, "objectives": [], "intervalsRedeemedCount": 0}
    return {str(TITLE_RECORD): plain, str(GILDING_RECORD): plain | {"completedCount": _GILDED}}


def season_progressions() -> Json:
    """Every character has them, and they are the same for all."""
    return {str(_REWARDS): _progression(_REWARDS, _SEASON_RANKS), str(_PRESTIGE): _progression(_PRESTIGE, _MORE_RANKS)}


def artifact() -> Json:
    facts: Json = {"artifactHash": ARTIFACT, "pointsAcquired": 12, "powerBonus": _ARTIFACT_BONUS}
    return facts | {"pointProgression": _progression(1, 12), "powerBonusProgression": _progression(2, _ARTIFACT_BONUS)}


def activity(*, is_played: bool) -> Json:
    """What a character is playing, or that it is not played."""
    current = {"currentActivityHash": _STRIKE, "currentActivityModeHash": STRIKES}
    return current if is_played else dict.fromkeys(current, 0)


def _progression(row_hash: int, level: int) -> Json:
    counts = ("dailyProgress", "dailyLimit", "weeklyProgress", "weeklyLimit", "currentProgress", "progressToNextLevel")
    facts: Json = {"progressionHash": row_hash, "level": level, "levelCap": level, "stepIndex": level, "nextLevelAt": 0}
    return facts | dict.fromkeys(counts, 0)


def _named(row_hash: int, name: str) -> Json:
    shown: Json = {"name": name, "description": "", "iconHash": 0, "hasIcon": False}
    return {"displayProperties": shown, "hash": row_hash, "redacted": False, "blacklisted": False}

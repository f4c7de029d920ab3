"""Every keyword on the recorded accounts: it tells some of their items from the others, by each of its names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.inventory.search.compile import compile_query
from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.facts import Collection, subject_of
from app.inventory.search.keyword import Form, Keyword, Unanswered
from app.inventory.search.narrow import everything, narrow
from app.inventory.search.parser import parse
from app.inventory.search.registry import CHAPTERS
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded

ROWS = [keyword for chapter in CHAPTERS for keyword in chapter.keywords]
KEYWORDS = [each for each in ROWS if isinstance(each, Keyword)]
UNANSWERED = [each for each in ROWS if isinstance(each, Unanswered)]
# No recorded account has such a thing, or its component was not recorded: test_keywords.py asks them by hand.
UNSEEN = {
    "is:accessories", "is:messages", "is:specialorders", "is:tracked", "is:iningameloadout", "is:enhanced", "enhanced",
    "is:enhancedperk", "enhancedperk", "memento", "kills", "is:hasdisabledmod", "is:statdupe", "id",
    "is:patternunlocked", "is:deepsight", "weaponlevel", "tunedstat", "is:new", "is:wishlist",
    "is:trashlist", "wishlistnotes", "is:wishlistdupe", "is:vendor", "is:enhancementready",
    "is:powerfulreward", "is:pinnaclereward", "notseen",
}  # fmt: skip


def written(name: str, form: Form) -> str:
    return f"is:{name}" if form is Form.FLAG else name


def searches(keyword: Keyword) -> Iterator[str]:
    """What the help page shows of a keyword."""
    if keyword.form is Form.FLAG:
        yield f"is:{keyword.name}"
    if keyword.example:
        yield keyword.example
    if keyword.form is Form.CHOICE:
        yield from (f"{keyword.name}:{value}" for value in keyword.values)


def hits(text: str, membership_id: str) -> set[str]:
    facts = recorded.collection(membership_id)
    holds = compile_query(parse(text), facts)
    return {subject.key for subject in facts.subjects if holds(subject)}


def tells_apart(text: str) -> bool:
    return any(0 < len(hits(text, each)) < len(recorded.collection(each).subjects) for each in recorded.ACCOUNTS)


def label(keyword: Keyword | Unanswered) -> str:
    return written(keyword.name, keyword.form)


@requires_shared
@pytest.mark.parametrize("keyword", [each for each in KEYWORDS if label(each) not in UNSEEN], ids=label)
def test_a_keyword_finds_some_of_the_recorded_items_and_not_others(keyword: Keyword) -> None:
    assert any(tells_apart(text) for text in searches(keyword))


@requires_shared
def test_nothing_is_called_unseen_that_is_seen() -> None:
    seen = {label(each) for each in KEYWORDS if label(each) in UNSEEN and any(map(tells_apart, searches(each)))}
    assert not seen
    assert {label(each) for each in KEYWORDS} >= UNSEEN


@requires_shared
def test_other_names_of_a_keyword_find_the_same() -> None:
    for keyword in KEYWORDS:
        for text in list(searches(keyword))[:1]:
            for alias in keyword.aliases:
                other = text.replace(f"is:{keyword.name}", f"is:{alias}").replace(f"{keyword.name}:", f"{alias}:")
                for account in recorded.ACCOUNTS[:3]:
                    assert hits(other, account) == hits(text, account), other


@requires_shared
@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("is:weapon is:armor", ""),
        ("is:exotic is:weapon", "is:weapon -not:exotic"),
        ("is:solar or is:arc", "-(-is:solar -is:arc)"),
        ("is:weapon is:solar or is:arc", "(is:weapon is:solar) or (is:weapon is:arc)"),
        ("power:>=200 power:<=300", "-power:<200 -power:>300 is:haspower"),
        ("season:current", "season:28"),
        ("light:>softcap", "power:>200"),
        ("is:handcannon", 'is:weapon "hand cannon" -(-is:handcannon)'),
        ("stat:weapons+health:>=40", "stat:mobility+resilience:>=40"),
        ("stat:weapons&health:>=20", "stat:weapons+health:>=40"),
        ("stat:highest:>=30", "stat:any:>=30"),
        ("dupe:item", "is:dupe"),
        ("count:>1", "is:dupe"),
    ],
)
def test_two_ways_of_asking_the_same_find_the_same(text: str, others: str) -> None:
    for account in recorded.ACCOUNTS:
        assert hits(text, account) == (hits(others, account) if others else set())


@requires_shared
@pytest.mark.parametrize("account", recorded.ACCOUNTS)
def test_a_copy_is_found_by_its_number_and_its_item_by_its_hash(account: str) -> None:
    subject = next(each for each in recorded.collection(account).subjects if each.item.instance_id)
    assert hits(f"id:{subject.item.instance_id}", account) == {subject.key}
    assert subject.key in hits(f"hash:{subject.item.hash}", account)


@requires_shared
@pytest.mark.parametrize("account", recorded.ACCOUNTS)
def test_a_narrowed_inventory_is_exactly_what_was_found_in_the_same_places(account: str) -> None:
    whole, facts = recorded.inventory(account), recorded.collection(account)
    holds = compile_query(parse("is:weapon is:legendary"), facts)
    small = narrow(whole, map(holds, facts.subjects))
    expected = [each for each in everything(whole) if holds(subject_of(each))]
    assert list(everything(small)) == expected
    assert all(section.items for section in small.vault)
    assert len(small.characters) == len(whole.characters)
    assert small.vault_used == whole.vault_used


@pytest.mark.parametrize("keyword", UNANSWERED, ids=label)
def test_a_keyword_that_cannot_be_answered_says_why(keyword: Unanswered) -> None:
    text = f"is:{keyword.name}" if keyword.form is Form.FLAG else f"{keyword.name}:x"
    with pytest.raises(SearchError) as caught:
        compile_query(parse(text), Collection(()))
    assert (caught.value.fault, caught.value.text) == (Fault.KEYWORD_UNANSWERED, keyword.reason)

"""What can go wrong with the definitions. Every message is one plain sentence that an admin can read."""

from __future__ import annotations

from app.inventory.sentences import Fact, Sentence


class ManifestError(Exception):
    """Base. The definitions in use stay in use; `sentence` says why the new ones were not taken.

    `says` is a marked text, `facts` what stands in its places.
    """

    def __init__(self, says: str, **facts: Fact) -> None:
        self.sentence = Sentence(says, facts)
        super().__init__(str(self.sentence))


class NotReachable(ManifestError):
    """Bungie, or a file that its index names, could not be fetched in time. The next run tries again."""


class Refused(ManifestError):
    """The index asks for something that we never fetch: a foreign host, a path outside the definitions."""


class TooBig(ManifestError):
    """A download or its content is larger than a bound allows."""


class BadArchive(ManifestError):
    """The archive is not one compressed file that can be unpacked."""


class BadContent(ManifestError):
    """The index, the database or a JSON file cannot be read."""


class NotSane(ManifestError):
    """The definitions can be read, but switching to them would harm the pages."""


class StoreTrouble(ManifestError):
    """Redis did not take or no longer has what was written."""


class CopyTrouble(ManifestError):
    """The copy on disk cannot be read or written. Nothing but that copy is the worse for it."""


class LockLost(ManifestError):
    """Another run has taken over while this one stood still."""

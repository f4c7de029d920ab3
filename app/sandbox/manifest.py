"""A manifest to serve: the index and the files it names, from a directory or from memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.sandbox.envelope import Json
from app.sandbox.files import StoredFile, find_file, read_json

_INDEX_FIELDS: Json = {
    "version": "",
    "mobileAssetContentPath": "",
    "mobileGearAssetDataBases": [],
    "mobileWorldContentPaths": {},
    "jsonWorldContentPaths": {},
    "jsonWorldComponentContentPaths": {},
    "mobileClanBannerDatabasePath": "",
    "mobileGearCDN": {},
    "iconImagePyramidInfo": [],
}


class Manifest(Protocol):
    """What the sandbox needs of a manifest. `find` takes a path as the index names it, with or without its slash."""

    @property
    def index(self) -> Json: ...

    def find(self, path: str) -> StoredFile | None: ...


@dataclass(frozen=True, slots=True)
class DirectoryManifest:
    """A recorded manifest: `index.json` and the files at the paths that it names."""

    root: Path
    index: Json

    def find(self, path: str) -> StoredFile | None:
        return find_file(self.root, path.lstrip("/"))


@dataclass(frozen=True, slots=True)
class MemoryManifest:
    """A manifest that was made here. `files` is keyed by the path in the index."""

    index: Json
    files: Mapping[str, bytes]

    def find(self, path: str) -> StoredFile | None:
        body = self.files.get("/" + path.lstrip("/"))
        return None if body is None else StoredFile(body)


def load_manifest(directory: Path) -> DirectoryManifest:
    """The manifest in `directory` (a world, or its `manifest` folder). Raises `ValueError` without an index."""
    root = directory / "manifest" if (directory / "manifest").is_dir() else directory
    index = read_json(root, "index.json")
    if not isinstance(index, dict):
        raise ValueError(f"{root} holds no manifest index (index.json)")  # noqa: TRY004 - bad data, not a bad type
    return DirectoryManifest(root, _INDEX_FIELDS | index)

"""A stand-in Bungie.net: its own small WSGI application that imports nothing else of this project.

So a mistake in reading Bungie's answers cannot hide in both. It serves the demo and the tests, and it refuses to run in
production.
"""

from app.sandbox.app import Sandbox, create_sandbox
from app.sandbox.demo import demo_world
from app.sandbox.faults import Faults, PathRule
from app.sandbox.options import SandboxOptions
from app.sandbox.serve import SandboxServer
from app.sandbox.world import World, load_world

__all__ = [
    "Faults",
    "PathRule",
    "Sandbox",
    "SandboxOptions",
    "SandboxServer",
    "World",
    "create_sandbox",
    "demo_world",
    "load_world",
]

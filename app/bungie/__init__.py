"""The only package that talks to Bungie.net. Imports `app.inventory`, requests and orjson."""

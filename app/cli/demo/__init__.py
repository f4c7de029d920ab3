"""`manage.py demo`: the whole product on one machine with nothing set up, from Redis to the web server.

`command` reads the arguments, `run` is the sequence, `processes` keeps the children, `ports` and `answers` look at
sockets, `environment` makes up the settings. Everything lives in one temporary folder that goes when it ends.
"""

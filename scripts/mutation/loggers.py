"""Structured loggers: `logger.info(..)` -> `console.log(..)`, `tracing::info!(..)` -> `println!(..)`."""

import re

from .model import Mutation

CALL = r"(?<![\w$.])((?:req\.|request\.|this\.|ctx\.|c\.|fastify\.|app\.)?(?:logger|log|Logger|LOG|LOGGER)(?:\(\))?)\s*\.\s*(info|debug|warn|error|trace)\s*\("
MACRO = r"(?<![\w:])((?:tracing|log)::)?(info|debug|warn|error|trace)!\s*\("


def candidates(world):
    """One mutation for each call of a logger inside a function of a server's file."""
    served = {endpoint["file"] for endpoint in world.routes} | {endpoint["registration"]["file"] for endpoint in world.routes}
    packages = {world.package(path) for path in served}
    for path in sorted(world.files(), key=lambda path: (path not in served, path)):
        if world.package(path) not in packages:
            continue
        source = world.source(path)
        if source is None or re.search(r"""^\s*['"]use client['"]""", source.text, re.M):
            continue
        if not source.rust and not re.search(r"\b(log(ger)?|pino|winston|bunyan)\b", source.text, re.I):
            continue
        for match in source.find(MACRO if source.rust else CALL):
            around = source.enclosing(match.start())
            if not around or starts_up(source, match.start(), around):
                continue
            if source.rust and source.text[match.end() : match.end() + 40].lstrip()[:1] != '"':
                continue
            new = "println!(" if source.rust else "console.log("
            edits = [(path, match.start(), match.end(), new)]
            place = (path, source.line(match.start()))
            expects = lambda finding, place=place: (finding["file"], finding["line"]) == place
            yield Mutation("logger", path, place[1], source.text[match.start() : match.end() - 1], edits, expects, None, place)


def starts_up(source, at, around):
    """The lines that a server writes when it starts or stops, and a project's own log functions, are left alone by the rule."""
    if set(around) & {"main", "bootstrap", "start", "startServer", "shutdown", "exitHandler", "log", "logger"}:
        return True
    if any(re.match(r"log(?![a-z])", name) for name in around):
        return True
    before = source.masked[max(0, at - 400) : at]
    return re.search(r"\.(listen|on|once|connect)\s*\([^;]*$", before) is not None or "/logg" in source.path.lower()

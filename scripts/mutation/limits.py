"""Limits: `take: n`, `.limit(n)`, `LIMIT n` of reads on an endpoint's way."""

import re

from .model import Mutation

# A filter by these already bounds the rows, and a loop around a read works in batches.
BOUNDED = re.compile(r"\b(in|id|slug|cursor)\s*[:,}]|\b(inArray|groupBy|aggregate|count|eq\([\w$.]*\.id\b)")
SQL_LIMIT = re.compile(r"\s+LIMIT\s+(\d+|\$\d+|\?|:\w+|\$\{[^}]*\})(\s*(,|OFFSET)\s*(\d+|\$\d+|\?|:\w+|\$\{[^}]*\}))?", re.I)


def candidates(world):
    """One mutation for each bounded read of many rows in a handler, or in a function that a handler calls by name."""
    seen = set()
    reported = [(f["file"], f["line"]) for f in world.baseline["findings"] if f["rule"] == "unbounded-query"]
    for source, start, end in reached(world):
        for what, at, edit in limits(source, start, end):
            first, last = source.line(source.statement_start(at)), source.line(source.statement_end(at))
            if (source.path, edit) in seen or any(f == source.path and first <= line <= last for f, line in reported):
                continue
            seen.add((source.path, edit))
            expects = lambda finding, place=(source.path, first, last): (
                finding["file"] == place[0] and place[1] <= finding["line"] <= place[2]
            )
            yield Mutation("limit", source.path, source.line(at), what, [(source.path, *edit)], expects, None, (source.path, edit))


def reached(world):
    """The handlers, and the functions whose names they call (two steps): those are on an endpoint's way."""
    places, names = [], set()
    for endpoint in world.routes:
        place = world.handler(endpoint)
        if place:
            places.append(place)
    index = {}
    for path in world.files():
        source = world.source(path)
        for name, start, end in source.functions() if source else []:
            index.setdefault(name, []).append((source, start, end))
    edge, done = list(places), {(p[0].path, p[1]) for p in places}
    for _ in range(2):
        following = []
        for source, start, end in edge:
            for match in source.find(r"(?<![\w$])([\w$]+)\s*(?:<[^<>()]*>)?\(", start, end):
                for target in index.get(match.group(1), [])[:2]:
                    unique = len(index[match.group(1)]) == 1
                    visible = target[0] is source or unique and re.search(
                        r"(?:import|use|require)\b[^;]*(?<![\w$])" + re.escape(match.group(1)) + r"(?![\w$])", source.masked
                    )
                    if visible and (target[0].path, target[1]) not in done:
                        done.add((target[0].path, target[1]))
                        following.append(target)
        places += following
        edge = following
    return places


def limits(source, start, end):
    """(what, place of the read, (start, end, new)) of each limit in a stretch of code."""
    for match in source.find(r"\.\s*(findMany|findAll|findAndCountAll|find|findBy)\s*\(", start, end):
        spans = source.arguments(match.end() - 1)
        for span in spans[-1:]:
            option = top_level(source, span, r"(?:take|limit|first)\s*(?::|(?=[,}\s]))") if source.masked[span[0]] == "{" else None
            if option and plain(source, span, match.start(), start):
                yield "take", match.start(), (*option, "")
    for match in source.find(r"\.\s*limit\s*\(", start, end):
        close = source.close(match.end() - 1)
        begin = source.statement_start(match.start())
        text = source.masked[begin : source.statement_end(match.start())]
        many = re.search(r"\.\s*(from|find|select|selectFrom|filter|order|load|table)\b", text)
        if close and many and not re.search(r"^\s*(1|2)\s*\)", source.text[match.end() : close]):
            if plain(source, (begin, source.statement_end(match.start())), match.start(), start):
                yield "limit", begin, (match.start(), close, "")
    for match in SQL_LIMIT.finditer(source.text, start, end):
        around = source.text[max(start, match.start() - 1500) : match.start()]
        inside = source.masked[match.start(1) : match.start(1) + 1].isspace() or "${" in match.group(1)
        few = re.search(r"\bid\s*=|\bGROUP\s+BY\b", around[around.upper().rfind("SELECT") :], re.I)
        if inside and not few and re.search(r"\bSELECT\b", around, re.I) and match.group(1) != "1" and "$" not in match.group(0):
            begin = source.statement_start(match.start())
            yield "LIMIT", begin, (match.start(), match.end(), "")


def plain(source, span, at, start):
    """Whether nothing but the limit bounds the rows, as far as the text says."""
    if BOUNDED.search(source.masked[slice(*span)].split("select:")[0].split("include:")[0]):
        return False
    return not re.search(r"\b(while|for)\s*(await\s*)?\(", source.masked[max(start, at - 600) : at])


def top_level(source, span, name):
    """The span of a property of an object literal, with its comma."""
    parts = source.split(span[0] + 1, span[1] - 1)
    for index, part in enumerate(parts):
        if re.match(name + r"|" + name.split("\\s")[0] + r"$", source.masked[slice(*part)]):
            return source.cut(parts, index)
    return None

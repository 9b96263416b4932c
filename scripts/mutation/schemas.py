"""Validation: a schema's call around request data, a validating middleware, an extractor's type."""

import re

from .guards import LEAVES
from .model import Mutation, registering

REQUEST = re.compile(
    r"\.(json|formData|text|body|query|parseBody)\s*\(\)|\breq(?:uest)?\.(body|query)\b|\b(searchParams|rawBody|getSearchParams|parseRequestBody|nextUrl)\b|\bbody\b"
)
NOT_SCHEMA = re.compile(r"(?:^|\.)(JSON|Date|URL|qs|querystring|path|url|cookie|parser|yaml|YAML|Papa|superjson|marked)$")
CALL = r"\.\s*(parse|parseAsync|safeParse|safeParseAsync|validate|validateAsync|validateSync)\s*\("
READS = {"json": "await c.req.json()", "query": "c.req.query()", "form": "await c.req.parseBody()"}


def candidates(world):
    """One mutation for each schema in a validated endpoint's handler or registration."""
    seen = set()
    for endpoint in world.routes:
        if endpoint["posture"]["validation"]["status"] not in ("yes", "partial"):
            continue
        place = world.handler(endpoint)
        if place is None:
            continue
        source, start, end = place
        ways = typed_extractor(world, endpoint, place) if source.rust else schema_calls(world, place)
        if not source.rust:
            ways = [*ways, *middleware(world, endpoint, place), *action_schema(world, endpoint)]
        for what, at, edits in ways:
            identity = tuple(sorted(edits))
            if identity in seen:
                continue
            seen.add(identity)
            lines = (source.path, source.line(start), source.line(end))
            expects = lambda finding, lines=lines: finding["file"] == lines[0] and lines[1] <= finding["line"] <= lines[2]
            mutation = Mutation("validation", source.path, source.line(at), what, edits, expects, endpoint, identity)
            mutation.standing = any(f["rule"] == mutation.rule and expects(f) for f in world.baseline["findings"])
            yield mutation


def schema_calls(world, place):
    """`schema.parse(x)` -> `x`; `safeParse` loses its branch, too."""
    source, start, end = place
    for match in source.find(CALL, start, end):
        paren = match.end() - 1
        spans = source.arguments(paren)
        close = source.close(paren)
        first = source.receiver_start(match.start())
        receiver = source.masked[first : match.start()].strip()
        if not spans or not close or not receiver or NOT_SCHEMA.search(receiver):
            continue
        argument = source.text[slice(*spans[0])]
        if not REQUEST.search(argument) and not names_request(source, argument, start, match.start()):
            continue
        if match.group(1) in ("parse", "parseAsync"):
            new = argument if re.fullmatch(r"[\w$.]+(\(\))?", argument) else f"({argument})"
            yield match.group(1), match.start(), [(source.path, first, close, new)]
        else:
            edits = safe_parse(source, first, close, argument, end)
            if edits:
                yield match.group(1), match.start(), [(source.path, *piece) for piece in edits]


def names_request(source, argument, start, at):
    """Whether a plain name was bound to request data earlier in the handler."""
    if not re.fullmatch(r"[\w$]+", argument):
        return False
    bound = re.compile(r"\b(?:const|let|var)\s+" + re.escape(argument) + r"\s*(?::[^=]+)?=([^;\n]*)").search(source.masked, start, at)
    return bound is not None and REQUEST.search(bound.group(1)) is not None


def safe_parse(source, first, close, argument, end):
    """`const r = s.safeParse(x); if (!r.success) {..} use(r.data)` -> `const r = x; use(r)`."""
    begin = source.statement_start(first)
    bound = re.compile(r"(?:const|let|var)\s+(\{[^}=]*\}|[\w$]+)\s*(?::[^=]+)?=\s*(?:await\s+)?$").match(source.masked, begin, first)
    if not bound:
        return None
    edits, name = [(first, close, argument)], re.escape(bound.group(1))
    asks = r"(?<![\w$.])" + name + r"\s*\.\s*(success|error)\b"
    if bound.group(1)[0] == "{":
        data = re.search(r"\b(?:data|value)\b\s*(?::\s*([\w$]+))?", bound.group(1))
        if not data:
            return None
        edits.append((bound.start(1), bound.end(1), data.group(1) or data.group(0)))
        asks = r"(?<![\w$.])(success|error)\b"
    branch = branch_of(source, asks, close, end)
    if not branch or bound.group(1)[0] != "{" and any(not branch[0] <= m.start() < branch[1] for m in source.find(asks, close, end)):
        return None
    edits.append((*branch, ""))
    for read in source.find(r"(?<![\w$.])" + name + r"(\s*\??\.\s*(?:data|value)\b)", branch[1], end):
        edits.append((read.start(1), read.end(1), ""))
    return edits


TESTS = re.compile(r"typeof|instanceof|[<>]|[!=]==?\s*[^\s=]|\.\s*(test|match|includes|has|startsWith|endsWith|length|is\w+)\b|\bis[A-Z]\w*\(")


def bound_names(source, start, end, mutation):
    """The names that what the mutation leaves unchecked gets in the handler."""
    edited = [edit[1] for edit in mutation.edits if edit[0] == source.path]
    names = {"parsedInput"}
    for bound in source.find(r"\b(?:const|let|var)\s+(\{[^}=]*\}|[\w$]+)\s*(?::[^=]+)?=([^;\n]*)", start, end):
        last = source.statement_end(bound.start())
        if any(bound.start() <= at < last for at in edited) or named(names, bound.group(2)):
            names |= set(re.findall(r"(?:^|[{,:]\s*|\.\.\.)([\w$]+)\s*(?=[,}]|$)", bound.group(1)))
    return names


def named(names, text):
    return re.search(r"(?<![\w$.])(?:" + "|".join(map(re.escape, names)) + r")(?![\w$])", text) is not None


def tested_by_hand(world, mutation):
    """Whether the handler itself asks more of the data than that it is there, and leaves."""
    source, start, end = world.handler(mutation.endpoint)
    names = bound_names(source, start, end, mutation)
    for branch in source.find(r"\bif\s*\(", start, end):
        close = source.close(branch.end() - 1) or branch.end()
        condition = source.text[branch.end() : close]
        if named(names, condition) and TESTS.search(condition) and LEAVES.search(source.text[close : source.statement_end(close)]):
            return True
    return False


def only_shown(world, mutation):
    """Whether the handler hands the data to nothing but its answer."""
    source, start, end = world.handler(mutation.endpoint)
    names = bound_names(source, start, end, mutation)
    calls = source.find(r"(?<![\w$])((?:[\w$]+\s*\.\s*)*[\w$]+)\s*\(", start, end) if len(names) > 1 else []
    taking = [call.group(1) for call in calls if named(names, source.masked[call.end() : source.close(call.end() - 1) or call.end()])]
    return bool(taking) and all(re.search(r"(^|\.)(json|text|html|send|Response|if|log|info)$", name) for name in taking)


def branch_of(source, asks, start, end):
    """The span of the first `if` that asks whether the check failed, when it leaves."""
    for match in source.find(r"\bif\s*\(", start, end):
        condition = source.close(match.end() - 1)
        if condition and re.search(asks, source.masked[match.end() : condition]):
            body = source.skip_space(condition)
            last = source.close(body) if source.masked[body] == "{" else source.statement_end(body)
            leaves = last and LEAVES.search(source.text[body:last])
            return (match.start(), last) if leaves and not source.masked[source.skip_space(last) :].startswith("else") else None
    return None


def middleware(world, endpoint, place):
    """`app.post(path, zValidator("json", s), (c) => c.req.valid("json"))` -> `app.post(path, (c) => c.req.json())`."""
    source = world.source(endpoint["registration"]["file"])
    handler, start, end = place
    if source is None:
        return
    for match in registering(source, endpoint["registration"]["line"]):
        spans = source.arguments(match.end() - 1)
        for index in range(len(spans) - 1):
            name = source.masked[slice(*spans[index])]
            if not re.match(r"[\w$.]*[vV]alid[\w$.]*\s*\(", name):
                continue
            edits = [(source.path, *source.cut(spans, index), "")]
            target = re.search(r"\(\s*['\"](\w+)['\"]", source.text[slice(*spans[index])])
            if target:
                if target.group(1) not in READS:
                    continue
                pattern = re.compile(r"([\w$]+)\.req\.valid\(\s*['\"]%s['\"]\s*(?:as never)?\)" % target.group(1))
                reads = list(pattern.finditer(handler.text, start, end))
                if not reads:
                    continue
                for read in reads:
                    new = READS[target.group(1)].replace("c.", read.group(1) + ".")
                    edits.append((handler.path, read.start(), read.end(), f"({new})" if " " in new else new))
                if "await" in READS[target.group(1)]:
                    edits += make_async(handler, reads[0].start(), start)
            yield "validating middleware", spans[index][0], edits


def action_schema(world, endpoint):
    """`client.inputSchema(s).action(..)` -> `client.action(..)`."""
    source = world.source(endpoint["registration"]["file"])
    at = source and source.skip_space(source.offset(endpoint["registration"]["line"]))
    place = source and endpoint["method"] in ("ACTION", "QUERY", "MUTATION") and source.declaration(at)
    if not place or not re.search(r"\b(parsedInput|clientInput|input)\b(?!\s*\()", source.masked[slice(*place)]):
        return  # it does not read what it is sent
    for match in source.find(r"\.\s*(inputSchema|schema|input)\s*\(", *place):
        end = source.close(match.end() - 1)
        if end and re.match(r"\s*\.", source.masked[end : end + 40]):
            yield "schema of the action", match.start(), [(source.path, match.start(), end, "")]
            return


def make_async(source, at, start):
    """The edit that makes the arrow function around `at` async, if it is not."""
    arrow = None
    for match in source.find(r"(async\s+)?(\([^()]*\)|[\w$]+)\s*=>", start, at):
        arrow = match
    return [] if arrow is None or arrow.group(1) else [(source.path, arrow.start(), arrow.start(), "async ")]


def typed_extractor(world, endpoint, place):
    """`Json<NewUser>` -> `Json<serde_json::Value>` in the handler's parameters."""
    source, start, end = place
    head = re.compile(r"\bfn\s+\w+[^(]*\(").search(source.masked, start, end)
    for span in source.arguments(head.end() - 1) if head else []:
        found = re.search(r":\s*(?:[\w:]+::)?(Json|Form|Query)<(.+)>\s*$", source.text[slice(*span)], re.S)
        if found and not re.search(r"\b(Value|HashMap|Option)\b", found.group(2)):
            inner = (span[0] + found.start(2), span[0] + found.end(2))
            edits = [(source.path, *inner, "serde_json::Value")]
            bound = re.match(r"(?:[\w:]+\()?\s*(?:mut\s+)?(\w+)", source.text[slice(*span)])
            if bound.group(1).startswith("_"):
                continue
            reads = source.find(r"(?<![\w.])" + bound.group(1) + r"((?:\.\w+(?!\w|\s*\())+)", head.end(), end)
            for read in reads:
                new = "".join(f'["{field}"]' for field in read.group(1)[1:].split("."))
                edits.append((source.path, read.start(1), read.end(1), new))
            yield f"type of {found.group(1)}", span[0], edits + depends(world, source)


def depends(world, source):
    """The edit that makes a crate depend on serde_json, where it doesn't."""
    manifest = world.source((world.package(source.path) + "/Cargo.toml").lstrip("/"))
    head = manifest and re.search(r"^\[dependencies\][^\n]*\n", manifest.text, re.M)
    if not head or re.search(r"^serde_json\b", manifest.text, re.M):
        return []
    return [(manifest.path, head.end(), head.end(), 'serde_json = "1"\n')]

"""Guards: the middleware argument, the wrapper, the builder, the call in the handler, the layer, the extractor."""

import re

from .model import Mutation, registering

EFFECTS = {
    "db-write", "private-read", "file-write", "object-write", "mail-send", "sms-send", "push-send",
    "payment", "llm-call", "queue-publish", "process",
}  # fmt: skip
CHANGES = {"POST", "PUT", "PATCH", "DELETE", "MUTATION", "ACTION", "MESSAGE"}
GUARD_WORDS = re.compile(r"auth|login|logged|session|token|protect|guard|jwt|passport|verif|admin|permission", re.I)
COMMON = {"async", "findUnique", "findUniqueOrThrow", "findFirst", "findOne", "verify", "compare", "execute", "api", "Stripe", "inline", "function", "a", "an", "of", "the", "by", "look", "up", "credential", "comparison", "with", "keyed", "hash",
          "query", "get", "Request", "POST", "GET", "PUT", "PATCH", "DELETE", "handler", "default"}  # fmt: skip
# Whole segments of a path, or a handler's whole name, that say that an endpoint is meant for everybody.
PUBLIC = re.compile(
    r"(log|sign)[-_]?(in|out|up)([-_](all|session))?|register|registration|health[-_]?(z|check)?|ping|csrf|forgot[-_]?password|reset[-_]?password"
    r"|password[-_]?reset|verify[-_]?(email|otp|code)|(send[-_]?)?otp|magic[-_]?link|refresh[-_]?tokens?|unsubscribe|contact|newsletter"
    r"|waitlist|callback|saml|accept[-_]?invite|captcha|(\.|-)?well-known|jwks|swagger|openapi", re.I
)  # fmt: skip
LEAVES = re.compile(r"\b(return|throw|redirect|notFound|next\s*\(|exit|unauthorized|forbidden)\b|[45]\d\d\b")


def candidates(world):
    """One mutation for each protected endpoint that missing-auth would speak of."""
    names = {}
    for endpoint in world.routes:  # a finding may stand at the handler, and several files may register one handler
        name = named(endpoint, endpoint["registration"]["file"])
        names[named(endpoint, endpoint["file"])] = names[name] = name
    name_of = lambda finding: finding["endpoint"] and names.get(named(finding["endpoint"], finding["file"]))
    reported = {name_of(f) for f in world.baseline["findings"] if f["rule"] == "missing-auth"}
    shared, beside = {}, {}
    for endpoint in world.routes:
        auth = endpoint["posture"]["authentication"]
        name = named(endpoint, endpoint["registration"]["file"])
        if auth["status"] != "required" or name in reported or not auth["at"] or public(endpoint):
            continue
        if endpoint["method"] not in CHANGES and not EFFECTS & set(endpoint["posture"]["effects"]):
            beside.setdefault((auth["by"], str(auth["at"])), set()).add(name)
            continue
        found = mutate(world, endpoint, auth)
        if found is None:
            yield skipped(endpoint, "its guard is not written where a mutation is known for it")
            continue
        what, edits, identity = found
        if identity in shared:
            shared[identity].add(name)
            continue
        shared[identity] = {name}
        expects = lambda finding, ours=shared[identity]: name_of(finding) in ours
        mutation = Mutation("auth", endpoint["file"], endpoint["line"], what, edits, expects, endpoint, identity)
        mutation.endpoints, mutation.name_of = shared[identity], name_of
        if what == "router-level middleware":
            mutation.beside = beside.setdefault((auth["by"], str(auth["at"])), set())
        same = [e for e in world.routes if (e["file"], e["line"]) == (endpoint["file"], endpoint["line"])]
        mutation.beside = mutation.beside | {named(e, e["registration"]["file"]) for e in same}
        yield mutation


def named(endpoint, file):
    """Several apps of a repository may have endpoints of one name."""
    return endpoint["method"], endpoint["path"], file


def public(endpoint):
    """Whether missing-auth leaves an endpoint alone for its name."""
    return any(PUBLIC.fullmatch(part) for part in [*endpoint["path"].split("/"), endpoint["handler"]])


def skipped(endpoint, why):
    mutation = Mutation("auth", endpoint["file"], endpoint["line"], "", [], lambda finding: False, endpoint)
    mutation.outcome, mutation.reason = "not applicable", why
    return mutation


def mutate(world, endpoint, auth):
    """(what, edits, identity) of the first way to take the guard away that fits."""
    names = guard_names(world, auth)
    for way in (middleware, wrapper, builder, extractor, layer, in_handler, router_level):
        found = way(world, endpoint, auth, names)
        if found:
            return found
    return None


def guard_names(world, auth):
    """Names that the guard may be called by where it is put in front of the endpoint."""
    paths = re.findall(r"[A-Za-z_$][\w$]*(?:\.[\w$]+)*", auth["by"] or "")
    names = [name for path in paths for name in (path, path.rpartition(".")[2]) if name not in COMMON]
    source = world.source(auth["at"]["file"])
    if source:
        at = source.skip_space(source.offset(auth["at"]["line"]))
        names += [name for name in source.enclosing(at + 1) if name not in COMMON and len(name) > 2]
    names = list(dict.fromkeys(names))
    for name in names:  # grows: the callers of the guard, and theirs
        names += [caller for caller in world.callers(name) if caller not in names and caller not in COMMON]
        if len(names) > 40:
            break
    return names


def word(names):
    return r"(?<![\w$.])(?:" + "|".join(map(re.escape, names)) + r")(?![\w$])"


def middleware(world, endpoint, auth, names):
    """`router.post(path, guard, handler)` -> `router.post(path, handler)`."""
    source = world.source(endpoint["registration"]["file"])
    if source is None or source.rust:
        return None
    for match in registering(source, endpoint["registration"]["line"]):
        spans = source.arguments(match.end() - 1)
        middle = [index for index in range(len(spans) - 1) if source.text[spans[index][0]] not in "\"'`/"]
        fitting = [i for i in middle if names and re.search(word(names), source.masked[slice(*spans[i])])]
        fitting = fitting or [i for i in middle if GUARD_WORDS.search(source.masked[slice(*spans[i])].split("(")[0])]
        if fitting:
            cut = source.cut(spans, fitting[0])
            return "middleware argument", [(source.path, *cut, "")], (source.path, cut)
    return None


def wrapper(world, endpoint, auth, names):
    """`withX(handler)` -> `handler`, or the handler behind a function that only passes the request on."""
    source = world.source(endpoint["registration"]["file"])
    if source is None or source.rust:
        return None
    place = source.declaration(source.skip_space(source.offset(endpoint["registration"]["line"])))
    if place is None:
        return None
    start, end = place
    names = names + ([endpoint["handler"]] if endpoint["handler"] not in COMMON else [])
    for match in source.find(r"(?<![\w$.])([\w$]+)\s*(?:<[^<>()]*>)?\(", start, end):
        if match.group(1) not in names or not GUARD_WORDS.search(match.group(1)) and not match.group(1).startswith("with"):
            continue
        spans = source.arguments(match.end() - 1)
        first = source.masked[slice(*spans[0])] if spans else ""
        if re.search(r"\b(function|class)\s+$", source.masked[:match.start()]):
            continue
        plain = re.match(r"async\s*\(\s*(\w+\s*(:\s*[\w.]+)?\s*(,\s*\w+\s*(:[^)]*)?)?)?\)|async\s+function|function\b", first)
        name_edit = (match.start(1), match.end(1))
        if plain:
            edits = [(source.path, match.start(), spans[0][0], ""), (source.path, spans[0][1], source.close(match.end() - 1), "")]
            return "wrapper", edits, (source.path, match.start())
        if re.match(r"(async\s*)?(\(|function\b|\w+\s*=>)", first):
            return "wrapper", passing(source, name_edit, HANDLER), (source.path, match.start())
        function = re.match(r"\{", first) and re.search(r"(?:^\{|[,\n])\s*(\w+)\s*(?::\s*(?:async\b|function\b|\(\s*\{?)|\()", first)
        if function:
            return "wrapper", passing(source, name_edit, OPTIONS % function.group(1)), (source.path, match.start())
    return None


HANDLER = "handler({ ...context, req: request, request, params: (await context.params) ?? {}, searchParams: Object.fromEntries(new URL(request.url).searchParams) })"
OPTIONS = "handler.%s({ ...context, req: request, request, params: (await context.params) ?? {} })"


def passing(source, name, call):
    """Edits that put a function that checks nothing in the place of the named one."""
    typed = ": any" if source.path.endswith((".ts", ".tsx", ".mts", ".cts")) else ""
    body = f"\nfunction passOn(handler{typed}) {{ return async (request{typed}, context{typed}) => {call}; }}\n"
    size = len(source.text)
    return [(source.path, *name, "passOn"), (source.path, size, size, body)]


def builder(world, endpoint, auth, names):
    """`authClient.schema(..).action(..)` -> `client.schema(..).action(..)`, the client that it is made from."""
    source = world.source(endpoint["registration"]["file"])
    if source is None or source.rust:
        return None
    place = source.declaration(source.skip_space(source.offset(endpoint["registration"]["line"])))
    if place is None:
        return None
    start, end = place
    head = re.compile(r"(?:export\s+)?(?:(?:const|let)\s+)?[\w$]+\s*[=:]\s*([\w$]+)\s*\n?\s*\.").search(source.masked, start, end)
    if not head:
        return None
    root, seen = head.group(1), set()
    imported = re.compile(r"import\s*\{([^}]*?)(?<![\w$])" + re.escape(root) + r"(?![\w$])([^}]*)\}").search(source.masked)
    for path in world.files():
        other = world.source(path)
        made = other and re.compile(
            r"export\s+const\s+" + re.escape(root) + r"\s*(?::[^=]+)?=\s*([\w$]+)\s*\.(?=[^;]*\buse\b)"
        ).search(other.masked)
        if not made or path in seen:
            continue
        seen.add(path)
        base = made.group(1)
        if not re.search(r"export\s+const\s+" + re.escape(base) + r"\b", other.masked):
            return None
        edits = [(source.path, head.start(1), head.end(1), base)]
        if path != source.path:
            if not imported:
                return None
            if not re.search(r"(?<![\w$])" + re.escape(base) + r"(?![\w$])", imported.group(0)):
                at = imported.start() + imported.group(0).index("{") + 1
                edits.append((source.path, at, at, f" {base},"))
        return "builder", edits, (source.path, head.start(1))
    return None


def extractor(world, endpoint, auth, names):
    """A parameter of the handler whose type checks who is calling."""
    place = world.handler(endpoint)
    if place is None or not place[0].rust or not names:
        return None
    source, start, end = place
    head = re.compile(r"\bfn\s+\w+[^(]*\(").search(source.masked, start, end)
    if not head:
        return None
    spans = source.arguments(head.end() - 1)
    for index, span in enumerate(spans):
        pattern, _, kind = source.text[slice(*span)].partition(":")
        if not re.search(word(names[:1]), kind) or kind.strip().startswith("Option"):
            continue
        body = source.masked.find("{", source.close(head.end() - 1))
        edits = [(source.path, *source.cut(spans, index), "")]
        pattern = re.sub(r"^(\w+)\((\w+)\)$", r"\2", pattern.strip())
        if not pattern.startswith("_") and body > 0:
            edits.append((source.path, body + 1, body + 1, f" let {pattern} = Default::default();"))
        return "extractor", edits, (source.path, span)
    return None


def layer(world, endpoint, auth, names):
    """`.layer(guard)`, `.route_layer(guard)`, `.wrap(guard)` of a Rust router."""
    source = world.source(endpoint["registration"]["file"])
    if source is None or not source.rust or not names:
        return None
    for match in source.find(r"\.(layer|route_layer|wrap)\s*\("):
        end = source.close(match.end() - 1)
        if end and re.search(word(names), source.masked[match.end() : end]):
            return "layer", [(source.path, match.start(), end, "")], (source.path, match.start())
    return None


def in_handler(world, endpoint, auth, names):
    """The call of the guard in the handler, with the branch that leaves when it fails."""
    place = world.handler(endpoint)
    if place is None or place[0].rust:
        return None
    source, start, end = place
    if auth["at"]["file"] == source.path and not start <= source.offset(auth["at"]["line"]) < end:
        names = names + [name for name in source.enclosing(source.skip_space(source.offset(auth["at"]["line"])) + 1)]
    if not names:
        return None
    body = source.masked.find("{", start)
    for name in names:
        for match in source.find(r"(?<![\w$])" + re.escape(name) + r"(?![\w$])", max(body, start), end):
            found = check_at(source, match.start(), end)
            if found:
                return "call in the handler", [(source.path, *piece) for piece in found], (source.path, found[0][:2])
    return None


def check_at(source, at, end):
    """The edits that take away the check made at `at`: [(start, end, new)]."""
    first = source.statement_start(at)
    head = source.masked[first : first + 400]
    if head.startswith("if"):
        return branch_away(source, first)
    bound = re.match(r"(?:(?:const|let|var)\s+)?(\{[^}=;]*\}|\[[^\]=;]*\]|[\w$]+)\s*(?::[^=;]+)?=(?!=)\s*", head)
    last = source.statement_end(first)
    if bound:
        names = re.findall(r"(?:^|[{,:\[]\s*|\.\.\.)([\w$]+)\s*(?=[,}\]]|$)", bound.group(1)) or ["data"]
        value = "[]" if bound.group(1)[0] == "[" else "{}"
        typed = " as any" if source.path.endswith((".ts", ".tsx")) else ""
        edits = [(first + bound.end(), last, f"{value}{typed};")]
        for match in source.find(r"\bif\s*\(", last, end):
            condition = source.close(match.end() - 1)
            if condition and fails(source.masked[match.end() : condition], names):
                return edits + (branch_away(source, match.start()) or [])
        return edits
    if re.match(r"(await\s+)?[\w$.]+\s*\(", head):
        return [(first, last, "")]
    return None


def fails(condition, names):
    """Whether a condition asks if what the guard gave is missing or an error."""
    any_of = "(?:" + "|".join(map(re.escape, names)) + ")"
    asked = r"!\s*" + any_of + r"(?![\w$])|(?<![\w$.])" + any_of + r"[\w$.?!]*\s*[!=]==?"
    return re.search(asked + r"|(?<![\w$.])" + any_of + r"\??\.(error|response|ok|success|valid|status|err)\b|^\s*error\s*[)|&]", condition) is not None


def branch_away(source, at):
    """Takes an `if` away that leaves; None when it doesn't leave."""
    opened = source.masked.find("(", at)
    condition = source.close(opened) if opened > 0 else None
    if not condition:
        return None
    start = source.skip_space(condition)
    last = source.close(start) if source.masked[start] == "{" else source.statement_end(start)
    if last is None or not LEAVES.search(source.text[start:last]):
        return None
    if source.masked[source.skip_space(last) :].startswith("else"):
        return [(at, source.skip_space(last) + 4, "")] if source.masked[start] == "{" else None
    return [(at, last, "")]


def router_level(world, endpoint, auth, names):
    """`app.use(guard)`, which stands before several endpoints."""
    for path in dict.fromkeys([auth["at"]["file"], endpoint["registration"]["file"]]):
        source = world.source(path)
        if source is None or source.rust:
            continue
        at = source.skip_space(source.offset(auth["at"]["line"])) if path == auth["at"]["file"] else -1
        for match in source.find(r"(?:(?<![\w$.])[\w$.]+|\))?\s*\.(use|on|all)\s*(?:<[^<>()]*>)?\("):
            end = source.close(match.end() - 1)
            named = names and re.search(word(names), source.masked[match.end() : end or match.end()])
            if end and (match.start() <= at < end or named):
                start = match.start(1) - 1
                receiver = source.masked[source.statement_start(match.start()) : start].strip()
                whole = re.fullmatch(r"[\w$]+", receiver) and source.masked[end : end + 20].lstrip(" \t")[:1] in (";", "\n")
                first = source.statement_start(match.start()) if whole else start
                return "router-level middleware", [(path, first, end, "")], (path, first)
    return None

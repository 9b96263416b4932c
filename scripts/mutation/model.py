"""The copy of a repository, what backlint says of it, and what a mutation is."""

import collections
import json
import os
import re
import shutil
import subprocess
import sys
import time

from .text import Source

RULES = {"auth": "missing-auth", "validation": "unvalidated-input", "limit": "unbounded-query", "logger": "console-log"}
SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".rs")
NOT_SERVER = re.compile(
    r"(^|/)(tests?|__tests__|__mocks__|e2e|scripts?|bin|migrations?|seeds?|benches|examples?|node_modules|dist|fixtures)/"
    r"|\.(test|spec|config|stories|d)\.|(^|/)build\.rs$|(^|/)seed[^/]*$"
)


GUARD_WORDS = re.compile(r"auth|login|logged|session|token|protect|guard|jwt|passport|verif|admin|permission|user|with[A-Z]|signature", re.I)


VERBS = r"\.(?:get|post|put|patch|delete|del|all|use|on|route|options|head|openapi|add)\s*(?:<[^<>()]*>)?\("


class Mutation:
    """One piece of text taken away, and the findings that this should raise."""

    def __init__(self, kind, file, line, what, edits, expects, endpoint=None, identity=None):
        self.kind = kind
        self.rule = RULES[kind]
        self.file = file
        self.line = line
        self.what = what
        self.edits = edits  # [(file, start, end, replacement)]
        self.expects = expects  # finding -> bool
        self.endpoint = endpoint
        self.identity = identity
        self.endpoints = set()  # those that the guard stands before and that missing-auth must name
        self.beside = set()  # and those that it may name
        self.found = set()  # those that it named
        self.name_of = lambda finding: None  # the name of a finding's endpoint
        self.standing = False  # the finding was there before
        self.outcome = None  # exact | raised | missed | not applicable
        self.reason = ""
        self.instead = []
        self.silenced = False


class World:
    """A copy of a repository that may be changed and put back."""

    def __init__(self, repository, folder, binary, verbose=False):
        self.verbose = verbose
        self.folder = folder
        self.binary = binary
        self.sources = {}
        self.originals = {}
        self.called = {}
        self.runs = 0
        copy(repository, folder)
        self.routes = self.run("routes")
        self.baseline = self.check()
        self.findings = collections.Counter(map(key, self.baseline["findings"]))
        self.broken = self.syntax_errors(self.baseline)

    def run(self, *command):
        """What backlint says, as JSON."""
        self.runs += 1
        if self.verbose:
            print(f"{time.strftime('%H:%M:%S')} run {self.runs}: {command[0]}", file=sys.stderr, flush=True)
        done = subprocess.run(
            [self.binary, *command, "--format", "json", self.folder], capture_output=True, text=True, cwd=self.folder
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"backlint {command[0]} ended with {done.returncode}: {done.stderr.strip()[:400]}")
        return json.loads(done.stdout)

    def check(self):
        """The findings of the rules in question, strict cases included."""
        options = [part for rule in RULES.values() for part in ("--rule", rule)]
        return self.run("check", "--profile", "strict", "--fail-on", "never", *options)

    @staticmethod
    def syntax_errors(result):
        return collections.Counter(gap["file"] for gap in result["gaps"] if "syntax" in gap["kind"] or "deep" in gap["kind"])

    def source(self, path):
        """One file of the copy, as it was at the start; None when it can't be read."""
        if path not in self.sources:
            try:
                with open(os.path.join(self.folder, path), encoding="utf-8", newline="") as file:
                    self.sources[path] = Source(path, file.read())
            except (OSError, UnicodeDecodeError):
                self.sources[path] = None
        return self.sources[path]

    def files(self):
        """Every source file that runs on a server as far as its path says, sorted."""
        if not hasattr(self, "_files"):
            found = []
            for folder, folders, names in os.walk(self.folder):
                folders[:] = sorted(name for name in folders if name not in (".git", "node_modules", "target"))
                for name in sorted(names):
                    path = os.path.relpath(os.path.join(folder, name), self.folder).replace(os.sep, "/")
                    if name.endswith(SOURCES) and not NOT_SERVER.search(path):
                        found.append(path)
            self._files = found
        return self._files

    def callers(self, name):
        """Names of the functions that call one of this name, if they are few and sound as if they check something too."""
        if name not in self.called:
            found = {}
            call = r"(?<![\w$])" + re.escape(name) + r"\s*\("
            for path in self.files():
                source = self.source(path)
                if source is None or name not in source.text:
                    continue
                for match in source.find(call):
                    for around in source.enclosing(match.start())[:1]:
                        found.setdefault(around, path)
            self.called[name] = [caller for caller in sorted(found) if caller != name and GUARD_WORDS.search(caller)][:12]
        return self.called[name]

    def handler(self, endpoint):
        """(source, start, end) of the handler of an endpoint."""
        source = self.source(endpoint["file"])
        if source is None:
            return None
        start = source.skip_space(source.offset(endpoint["line"]))
        if endpoint["registration"]["file"] == endpoint["file"] and not source.rust:
            for call in registering(source, endpoint["registration"]["line"]):
                spans = source.arguments(call.end() - 1)
                inside = [span for span in spans if source.line(span[0]) <= endpoint["line"] <= source.line(span[1])]
                if inside and re.search(r"=>|function", source.masked[slice(*inside[-1])]):
                    return source, *inside[-1]
        return source, start, source.statement_end(start)

    def package(self, path):
        """The folder of the nearest manifest."""
        while path:
            path = path.rpartition("/")[0]
            if any(os.path.exists(os.path.join(self.folder, path, name)) for name in ("package.json", "Cargo.toml")):
                return path
        return ""

    def apply(self, mutations):
        """Writes the changed files. A piece taken away leaves its line ends, so that no line moves."""
        edits = collections.defaultdict(list)
        for mutation in mutations:
            for file, start, end, new in mutation.edits:
                edits[file].append((start, end, new))
        for file, pieces in edits.items():
            text = self.source(file).text
            for start, end, new in sorted(set(pieces), reverse=True):
                kept = text[start:end].count("\n") - new.count("\n")
                text = text[:start] + new + "\n" * max(0, kept) + text[end:]
            self.write(file, text)
            self.originals[file] = self.source(file).text

    def put_back(self):
        """Writes the files as they were."""
        for file, text in self.originals.items():
            self.write(file, text)
        self.originals = {}

    def write(self, file, text):
        with open(os.path.join(self.folder, file), "w", encoding="utf-8", newline="") as out:
            out.write(text)

    def is_silent(self):
        """Whether the findings are those of the start again."""
        return collections.Counter(map(key, self.check()["findings"])) == self.findings


def registering(source, line):
    """The call that registers a route: the last one that starts before the line's end and ends after its start."""
    start, end = source.offset(line), source.offset(line + 1) if line < len(source.starts) else len(source.text)
    found = [m for m in source.find(VERBS, max(0, start - 400), end) if (source.close(m.end() - 1) or 0) > start]
    return found[-1:]


def key(finding):
    """What makes a finding the same before and after a mutation; lines don't move."""
    endpoint = finding["endpoint"] or {}
    return (finding["rule"], finding["file"], finding["line"], endpoint.get("method"), endpoint.get("path"))


def copy(repository, folder):
    """Copies what the repository tracks, or all of it where it isn't tracked."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True)
    if listed.returncode == 0 and listed.stdout:
        for name in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
            origin = os.path.join(repository, name)
            if name and os.path.isfile(origin) and not os.path.islink(origin) and os.path.getsize(origin) < 2_000_000:
                target = os.path.join(folder, name)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(origin, target)
    else:
        ignore = shutil.ignore_patterns("node_modules", ".git", "target")
        shutil.copytree(repository, folder, dirs_exist_ok=True, ignore=ignore)

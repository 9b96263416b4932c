"""Source text with just enough structure to cut pieces out of it: comments, strings, brackets, arguments, statements.

Nothing here knows what a guard or a schema is, and nothing runs backlint.
"""

import bisect
import re

OPEN, CLOSE = "([{", ")]}"
PAIR = dict(zip(OPEN, CLOSE))
IDENT = re.compile(r"[A-Za-z_$][\w$]*")
# After these a slash starts a regular expression, not a division.
BEFORE_REGEX = set("(,=:[!&|?{};+-*%~^<>\n")


def mask(text, rust):
    """The text at equal length, with comments and the insides of literals blanked; line ends stay."""
    out = list(text)
    spans = []
    at, size, stack = 0, len(text), []

    def blank(start, end):
        spans.append((start, end))
        for index in range(start, min(end, size)):
            if out[index] != "\n":
                out[index] = " "

    while at < size:
        char = text[at]
        if text.startswith("//", at):
            end = text.find("\n", at)
            end = size if end < 0 else end
            blank(at, end)
            at = end
        elif text.startswith("/*", at):
            end = text.find("*/", at + 2)
            end = size if end < 0 else end + 2
            blank(at, end)
            at = end
        elif char == '"' or (char == "'" and not rust):
            end = at + 1
            while end < size and text[end] != char and (rust or text[end] != "\n"):
                end += 2 if text[end] == "\\" else 1
            blank(at + 1, end)
            at = end + 1
        elif char == "'" and rust:
            literal = re.compile(r"'(\\.[^']{0,8}|[^\\'])'").match(text, at)
            if literal:
                blank(at + 1, literal.end() - 1)
            at = literal.end() if literal else at + 1
        elif rust and re.compile(r'r#*"').match(text, at) and not (at and re.match(r"\w", text[at - 1])):
            head = re.compile(r'r(#*)"').match(text, at)
            end = text.find('"' + head.group(1), head.end())
            end = size if end < 0 else end
            blank(head.end(), end)
            at = end + 1 + len(head.group(1))
        elif char == "`" and not rust:
            at = template(text, at, blank, stack)
        elif char == "}" and stack and stack[-1] == 0:
            stack.pop()
            at = template(text, at, blank, stack)
        elif char == "/" and not rust and starts_regex(text, at):
            end, inside = at + 1, False
            while end < size and text[end] != "\n" and (inside or text[end] != "/"):
                inside = {"[": True, "]": False}.get(text[end], inside)
                end += 2 if text[end] == "\\" else 1
            blank(at + 1, end)
            at = end + 1
        else:
            if stack and char in "{}":
                stack[-1] += 1 if char == "{" else -1
            at += 1
    return "".join(out)


def template(text, at, blank, stack):
    """Skips the text of a template from its back quote, or from the end of a `${...}`, to its end or the next `${`.

    The braces of `${...}` are blanked, too: what is in them belongs to the expression around the template.
    """
    end = at + 1
    if text[at] == "}":
        blank(at, end)
    while end < len(text):
        if text[end] == "\\":
            end += 2
        elif text[end] == "`":
            blank(at + 1, end)
            return end + 1
        elif text.startswith("${", end):
            blank(at + 1, end + 2)
            stack.append(0)
            return end + 2
        else:
            end += 1
    blank(at + 1, end)
    return end


def starts_regex(text, at):
    before = text[:at].rstrip(" \t")[-8:]
    return not before or before[-1] in BEFORE_REGEX or re.search(r"\b(return|typeof|case)$", before) is not None


class Source:
    """One file."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.rust = path.endswith(".rs")
        self.masked = mask(text, self.rust)
        self.starts = [0] + [index + 1 for index, char in enumerate(text) if char == "\n"]

    def line(self, at):
        """The line, from 1, of an offset."""
        return bisect.bisect_right(self.starts, at)

    def offset(self, line):
        """Where a line starts."""
        return self.starts[min(line, len(self.starts)) - 1] if line > 0 else 0

    def close(self, at):
        """Just past the bracket that closes the one at `at`; None when nothing does."""
        depth = 0
        for index in range(at, len(self.masked)):
            char = self.masked[index]
            if char in OPEN:
                depth += 1
            elif char in CLOSE:
                depth -= 1
                if depth == 0:
                    return index + 1
                if depth < 0:
                    return None
        return None

    def split(self, start, end):
        """The spans between the top-level commas of `start..end`, white space trimmed, empty ones left out."""
        parts, depth, last = [], 0, start
        angle = 0
        for index in range(start, end):
            char = self.masked[index]
            if char in OPEN:
                depth += 1
            elif char in CLOSE:
                depth -= 1
            elif self.rust and char == "<":
                angle += 1
            elif self.rust and char == ">" and self.masked[index - 1] not in "-=":
                angle = max(0, angle - 1)
            elif char == "," and depth == 0 and angle == 0:
                parts.append((last, index))
                last = index + 1
        parts.append((last, end))
        return [trimmed for part in parts if (trimmed := self.trim(*part))]

    def trim(self, start, end):
        """The span without the white space at its ends; None when nothing is left."""
        piece = self.text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = end - (len(piece) - len(piece.rstrip()))
        return (left, right) if left < right else None

    def arguments(self, paren):
        """The spans of the arguments of the call whose `(` stands at `paren`."""
        end = self.close(paren)
        return self.split(paren + 1, end - 1) if end else []

    def cut(self, spans, index):
        """The span of one of several arguments together with the comma that separates it."""
        if index + 1 < len(spans):
            return spans[index][0], spans[index + 1][0]
        return (spans[index - 1][1] if index else spans[index][0]), spans[index][1]

    def statement_end(self, at):
        """Just past the statement or function that starts at `at`."""
        depth, masked, index = 0, self.masked, at
        while index < len(masked):
            char = masked[index]
            if char in OPEN:
                depth += 1
            elif char in CLOSE:
                depth -= 1
                if depth < 0:
                    return index
                if depth == 0 and char == "}":
                    rest = masked[index + 1 : index + 60].lstrip()
                    if not rest or not re.match(r"[.,)(=>;?:\[\]&|{]|as\b|catch\b|else\b|finally\b|satisfies\b|from\b", rest):
                        return index + 1
            elif char == ";" and depth == 0:
                return index + 1
            elif char == "\n" and depth == 0 and index > at:
                before = masked[at:index].rstrip()[-1:]
                rest = masked[index + 1 : index + 200].lstrip()
                joins = re.match(r"[.?:=&|+\-*/,)\]}(<>]|as\b|satisfies\b|where\b|else\b|\{", rest)
                if before and before not in "=(,.&|?:+-<>{[" and not joins:
                    return index
            index += 1
        return len(masked)

    def statement_start(self, at):
        """Where the statement around `at` starts."""
        depth = 0
        for index in range(at - 1, -1, -1):
            char = self.masked[index]
            if char in CLOSE:
                depth += 1
                after = self.masked[index + 1 : at].lstrip()
                if depth == 1 and char == "}" and "\n" in self.masked[index + 1 : at] and after and after[0] not in ".,)=([":
                    return self.skip_space(index + 1)
            elif char in OPEN:
                depth -= 1
                if depth < 0:
                    return self.skip_space(index + 1) if char == "{" else self.statement_start(index)
            elif char == ";" and depth == 0:
                return self.skip_space(index + 1)
            elif char == "\n" and depth == 0 and self.masked[:index].rstrip()[-1:] not in "=(,.&|?:+-<>":
                starts = r"\s*(const|let|var|return|if|await|throw|for|while|try|switch|export|import|function|async|use)\b"
                if re.match(starts, self.masked[index : at + 8]):
                    return self.skip_space(index + 1)
        return self.skip_space(0)

    def declaration(self, at):
        """(start, end) of the declaration at the top of the module that holds `at`."""
        heads = re.compile(r"^(?:export\b|const\b|let\b|var\b|module\.exports|exports\.)", re.M).finditer(self.masked, 0, at + 16)
        for head in reversed(list(heads)):
            end = self.statement_end(head.start())
            if head.start() <= at < end:
                return head.start(), end
        return None

    def skip_space(self, at):
        """The first place at or after `at` that isn't white space."""
        while at < len(self.masked) and self.masked[at].isspace():
            at += 1
        return at

    def find(self, pattern, start=0, end=None):
        """Matches in code: comments and the insides of literals are out of sight."""
        return re.compile(pattern).finditer(self.masked, start, len(self.masked) if end is None else end)

    def receiver_start(self, at):
        """Where the chain of names, members and calls that ends at `at` starts."""
        index = at
        while index > 0:
            char = self.masked[index - 1]
            if char.isalnum() or char in "_$.?!":
                index -= 1
            elif char in CLOSE:
                opened = self.opening(index - 1)
                if opened is None:
                    return index
                index = opened
            elif char.isspace():
                bare = self.masked[:index].rstrip()
                if self.masked[index : index + 1] in (".", "?") or bare.endswith("."):
                    index = len(bare)
                else:
                    return index
            else:
                return index
        return 0

    def opening(self, at):
        """The bracket that the one at `at` closes."""
        depth = 0
        for index in range(at, -1, -1):
            if self.masked[index] in CLOSE:
                depth += 1
            elif self.masked[index] in OPEN:
                depth -= 1
                if depth == 0:
                    return index
        return None

    def functions(self):
        """(name, start, end) of everything that looks like a named function."""
        if not hasattr(self, "_functions"):
            heads = (
                r"\bfn\s+(\w+)"
                if self.rust
                else r"\bfunction\s*\*?\s*([\w$]+)\s*[<(]|\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=\s*(?:[\w$.]+\(\s*)?(?:async\b\s*)?(?:function\b|\(|[\w$]+\s*=>|<)"
                r"|^[ \t]+(?:public |private |protected |static |async )*([\w$]+)\s*(?:=\s*(?:async\s*)?)?\([^()]*\)[^;{}()]*\{"
                r"|\b(?:module\.)?exports\.([\w$]+)\s*=|\bthis\.([\w$]+)\s*=\s*(?:async\s*)?(?:function\b|\()"
            )
            found = []
            for match in re.compile(heads, re.M).finditer(self.masked):
                name = next(group for group in match.groups() if group)
                if name not in ("if", "for", "while", "switch", "catch", "return", "function") and self.is_function(match):
                    found.append((name, match.start(), self.statement_end(match.start())))
            self._functions = found
        return self._functions

    def is_function(self, match):
        """Whether the bracket that ends a head like `const x = (` holds parameters."""
        if self.masked[match.end() - 1] != "(" or "=" not in match.group(0) or "function" in match.group(0):
            return True
        end = self.close(match.end() - 1)
        return end is not None and re.match(r"\s*(:[^=;]*)?=>", self.masked[end : end + 200]) is not None

    def enclosing(self, at):
        """Names of the functions around an offset, innermost first."""
        around = [item for item in self.functions() if item[1] <= at < item[2]]
        return [name for name, _, _ in sorted(around, key=lambda item: item[2] - item[1])]

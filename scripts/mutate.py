#!/usr/bin/env python3
"""Takes guards, schemas, limits and loggers out of a real repository, one by one, and asks whether backlint notices.

The repository is copied to a temporary folder. `backlint routes` and `backlint check` on the copy say what is protected,
validated, bounded and logged; each mutation removes one such piece from the text:

  auth        the middleware argument, wrapper, builder, extractor or layer that `posture.authentication` names, or the
              call in the handler with its branch that leaves           -> missing-auth of that endpoint
  validation  `schema.parse(x)` becomes `x`, a validating middleware goes, `Json<T>` becomes `Json<Value>`
                                                                         -> unvalidated-input in that handler
  limit       `take: n`, `.limit(n)`, `LIMIT n` go                        -> unbounded-query at that read
  logger      `logger.info(` becomes `console.log(`                       -> console-log on that line

and backlint runs again. A mutation is *raised* when the finding newly appears, *exact* when no other finding of the four
rules appears or goes with it, *silenced* when all is as before once the text is put back. Removed text leaves its line ends,
so lines don't move. Taking a schema away also takes away an upper bound: an unbounded limit in that handler is no other finding.

Mutations in one run touch different places and are told apart by endpoint, handler, line and file; while findings appear that
can't be given to one mutation of the run, its halves are run. Not applicable, and not counted: a mutation after which the file has a syntax error; a
protected endpoint whose guard isn't written where a mutation is known for it; an endpoint that another guard still
protects, or whose data passes another check (`--list` names both, so that they can be judged by eye). Endpoints that missing-auth doesn't speak of (a GET without
an effect of its list, an endpoint that is public by its name) are no places.

The choice is made by --seed: two runs on the same tree and binary print the same.
Exit code: 0 when the share of each kind is at least --least, else 1.
"""

import argparse
import difflib
import json
import os
import random
import shutil
import sys
import tempfile

from mutation import guards, limits, loggers, schemas
from mutation.model import RULES, World, key

KINDS = {"auth": guards, "validation": schemas, "limit": limits, "logger": loggers}


def main():
    options = arguments()
    reports = []
    for repository in options.repositories:
        folder = tempfile.mkdtemp(prefix="backlint-mutate-")
        try:
            reports.append(examine(repository, folder, options))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    show(reports, options)
    shares = [row["share"] for row in totals(reports) if row["places"]]
    return 0 if shares and min(shares) >= options.least else 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", metavar="REPOSITORY", help="folders to copy and mutate; never changed themselves")
    parser.add_argument("--backlint", default="target/debug/backlint", help="the binary (default: %(default)s)")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this kind; may be given more than once")
    parser.add_argument("--places", type=int, default=20, help="places of each kind and repository (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the places (default: %(default)s)")
    parser.add_argument("--least", type=float, default=0.9, help="the share that is good enough (default: %(default)s)")
    parser.add_argument("--list", action="store_true", help="show each failure with its diff and what appeared instead")
    parser.add_argument("--verbose", action="store_true", help="say on stderr what is being run")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args()
    options.backlint = os.path.abspath(options.backlint)
    return options


def examine(repository, folder, options):
    """Everything about one repository."""
    world = World(os.path.abspath(repository), folder, options.backlint, options.verbose)
    report = {"repository": os.path.basename(os.path.abspath(repository)), "endpoints": len(world.routes), "kinds": {}}
    for kind in options.kind or KINDS:
        chosen, tried = rounds(world, kind, options)
        report["kinds"][kind] = {
            "places": [entry(world, mutation) for mutation in chosen],
            "not_applicable": [entry(world, mutation) for mutation in tried if mutation.outcome == "not applicable"],
        }
    return report


def rounds(world, kind, options):
    """Draws mutations until enough of them were applicable, or none is left."""
    pool = spread(list(KINDS[kind].candidates(world)), random.Random(f"{options.seed} {kind}"))
    chosen, tried = [], [mutation for mutation in pool if mutation.outcome]
    pool = [mutation for mutation in pool if not mutation.outcome]
    while pool and len(chosen) < options.places:
        batch = compatible(pool, options.places - len(chosen))
        pool = [mutation for mutation in pool if mutation not in batch]
        judge(world, batch)
        tried += batch
        chosen += [mutation for mutation in batch if mutation.outcome != "not applicable"]
    return chosen, tried


def spread(candidates, chance):
    """Shuffled, so that every file has its turn before one has its second."""
    chance.shuffle(candidates)
    turns = {}
    ranked = []
    for mutation in candidates:
        turns[mutation.file] = turns.get(mutation.file, 0) + 1
        ranked.append((turns[mutation.file], len(ranked), mutation))
    return [mutation for _, _, mutation in sorted(ranked, key=lambda item: item[:2])]


def compatible(pool, wanted):
    """The first mutations that don't touch the same text, nor the same handler."""
    batch, taken, handlers = [], [], set()
    for mutation in pool:
        place = (mutation.endpoint["file"], mutation.endpoint["line"]) if mutation.endpoint else None
        spans = [(file, start, end) for file, start, end, new in mutation.edits if start != end]
        if place in handlers or any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in spans for b in taken):
            continue
        if any(piece[3].startswith("\nfunction passOn") and piece in [p for m in batch for p in m.edits] for piece in mutation.edits):
            pass  # the same function serves both
        elif any(piece[3].startswith("\nfunction passOn") and piece[0] == other[0] and other[3].startswith("\nfunction passOn")
                 for piece in mutation.edits for m in batch for other in m.edits):
            continue
        batch.append(mutation)
        taken += spans
        handlers |= {place} - {None}
        if len(batch) == wanted:
            break
    return batch


def judge(world, batch):
    """Runs a batch; while it has findings that no mutation explains, its halves are run, down to one mutation."""
    world.apply(batch)
    result = world.check()
    new, gone = difference(world, result)
    gone = [finding for finding in gone if not in_removed(world, batch, finding)]
    broken = world.syntax_errors(result) - world.broken
    unexplained = [finding for finding in new if not any(belongs(mutation, finding) for mutation in batch)] + gone
    blamed = {id(finding): touching(batch, finding) for finding in unexplained}
    if len(batch) > 1 and not all(len(mutations) == 1 for mutations in blamed.values()):
        world.put_back()
        half = len(batch) // 2
        judge(world, batch[:half])
        judge(world, batch[half:])
        return
    for mutation in batch:
        own = [f for f in new if len(batch) == 1 or belongs(mutation, f) or blamed.get(id(f)) == [mutation]]
        decide(mutation, own, [f for f in gone if len(batch) == 1 or blamed[id(f)] == [mutation]], broken)
    missed = [mutation for mutation in batch if mutation.outcome == "missed" and mutation.endpoint]
    routes = world.run("routes") if missed else []
    for mutation in missed:
        still_guarded(mutation, routes) if mutation.kind == "auth" else still_checked(world, mutation, routes)
    world.put_back()
    silent = world.is_silent()
    for mutation in batch:
        mutation.silenced = silent


def touching(batch, finding):
    """The mutations that change the file of a finding: one alone has caused it."""
    return [mutation for mutation in batch if any(edit[0] == finding["file"] for edit in mutation.edits)]


def in_removed(world, batch, finding):
    """Whether a finding went because its text did."""
    for file, start, end, _ in (edit for mutation in batch for edit in mutation.edits):
        if file == finding["file"] and start != end:
            source = world.source(file)
            if source.line(start) <= finding["line"] <= source.line(end):
                return True
    return False


def belongs(mutation, finding):
    if finding["rule"] == mutation.rule:
        return mutation.expects(finding) or mutation.kind == "auth" and mutation.name_of(finding) in mutation.beside
    return mutation.kind == "validation" and finding["rule"] == RULES["limit"] and "as the request asks" in finding["message"]


def raised(mutation, own):
    """Whether the expected finding is there; where one guard protects several endpoints, that of each."""
    if mutation.kind == "auth":
        mutation.found = {mutation.name_of(finding) for finding in own}
        return mutation.endpoints <= mutation.found
    return bool(own)


def decide(mutation, new, gone, broken):
    own = [finding for finding in new if finding["rule"] == mutation.rule and mutation.expects(finding)]
    mutation.instead = [f for f in new if not belongs(mutation, f)] + [dict(finding, gone=True) for finding in gone]
    if any(broken[file] for file, *_ in mutation.edits):
        mutation.outcome, mutation.reason = "not applicable", "the file has a syntax error after it"
    elif raised(mutation, own):
        mutation.outcome = "raised" if mutation.instead else "exact"
    else:
        mutation.outcome = "missed"


def still_guarded(mutation, routes):
    """Says how the endpoint stands after the mutation; another guard makes the mutation not applicable."""
    before = mutation.endpoint["posture"]["authentication"]
    after = [r for r in routes if guards.named(r, r["registration"]["file"]) in mutation.endpoints]
    stands = [route["posture"]["authentication"] for route in after]
    mutation.reason = "; ".join(dict.fromkeys(map(posture, stands)))
    silent = sorted(mutation.endpoints - mutation.found)
    mutation.reason += "; not raised: " + ", ".join(f"{method} {path}" for method, path, _ in silent[:4])
    if stands and all(s["status"] == "required" and (s["by"], s["at"]) != (before["by"], before["at"]) for s in stands):
        mutation.outcome, mutation.reason = "not applicable", "another guard: " + mutation.reason


def still_checked(world, mutation, routes):
    """Says what the endpoint's validation is after the mutation."""
    name = guards.named(mutation.endpoint, mutation.endpoint["registration"]["file"])
    after = [r["posture"]["validation"] for r in routes if guards.named(r, r["registration"]["file"]) == name]
    mutation.reason = "; ".join(dict.fromkeys(f"now {v['status']}: {v['by'] or 'nothing'}" for v in after))
    by_hand = any(v["by"] == "a hand-written check" for v in after)
    if mutation.standing:
        mutation.reason += "; it was reported before"
    elif by_hand and not schemas.tested_by_hand(world, mutation):
        mutation.reason += ", which is not in the handler"
    elif schemas.only_shown(world, mutation):
        mutation.outcome, mutation.reason = "not applicable", "it is only shown: " + mutation.reason
    elif after and all(v["status"] == "yes" and v["by"] != "its type" for v in after):
        mutation.outcome, mutation.reason = "not applicable", "another check: " + mutation.reason


def posture(auth):
    """An authentication posture in words."""
    at = f" at {auth['at']['file']}:{auth['at']['line']}" if auth["at"] else ""
    return f"now {auth['status']}: {auth['by'] or auth['why'] or 'nothing checks'}{at}"


def difference(world, result):
    """The findings that appeared, and those that went."""
    left = dict(world.findings)
    new = []
    for finding in result["findings"]:
        if left.get(key(finding), 0):
            left[key(finding)] -= 1
        else:
            new.append(finding)
    gone = [{"rule": k[0], "file": k[1], "line": k[2], "message": "went"} for k, count in left.items() for _ in range(count)]
    return new, gone


def entry(world, mutation):
    """A mutation as JSON."""
    route = mutation.endpoint
    return {
        "file": mutation.file,
        "line": mutation.line,
        "endpoint": {"method": route["method"], "path": route["path"]} if route else None,
        "mutation": mutation.what,
        "outcome": mutation.outcome,
        "silenced": mutation.silenced,
        "reason": mutation.reason,
        "instead": [
            {k: f[k] for k in ("rule", "file", "line", "message") if k in f} | ({"gone": True} if f.get("gone") else {})
            for f in mutation.instead
        ],
        "diff": diff(world, mutation),
    }


def diff(world, mutation):
    """The mutation as a small diff, without the lines that it leaves empty."""
    lines = []
    for file in dict.fromkeys(edit[0] for edit in mutation.edits):
        before = world.source(file).text
        after = before
        for _, start, end, new in sorted((e for e in mutation.edits if e[0] == file), key=lambda e: e[1:3], reverse=True):
            after = after[:start] + new + after[end:]
        lines += [f"--- {file}"]
        for line in list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]:
            lines.append(line if len(line) <= 160 else line[:157] + "...")
    return "\n".join(lines[:24])


def rows(report):
    for kind, result in report["kinds"].items():
        outcomes = [place["outcome"] for place in result["places"]]
        exact = [place for place in result["places"] if place["outcome"] == "exact" and place["silenced"]]
        yield {
            "repository": report["repository"],
            "kind": kind,
            "places": len(outcomes),
            "raised": sum(outcome in ("exact", "raised") for outcome in outcomes),
            "exact": outcomes.count("exact"),
            "silenced": sum(place["silenced"] for place in result["places"]),
            "not_applicable": len(result["not_applicable"]),
            "share": round(len(exact) / len(outcomes), 3) if outcomes else 0.0,
        }


def totals(reports):
    """One row for each kind over all repositories."""
    every = [row for report in reports for row in rows(report)]
    for kind in dict.fromkeys(row["kind"] for row in every):
        of_kind = [row for row in every if row["kind"] == kind]
        total = {name: sum(row[name] for row in of_kind) for name in ("places", "raised", "exact", "silenced", "not_applicable")}
        share = sum(row["share"] * row["places"] for row in of_kind) / total["places"] if total["places"] else 0.0
        yield {"repository": "all", "kind": kind, **total, "share": round(share, 3)}


def show(reports, options):
    table = [row for report in reports for row in rows(report)] + list(totals(reports))
    if options.json:
        print(json.dumps({"table": table, "repositories": reports}, indent=2))
        return
    names = ["repository", "kind", "places", "raised", "exact", "silenced", "not_applicable", "share"]
    wide = max(len(row["repository"]) for row in table) + 2
    print("repository".ljust(wide) + "kind        places  raised  exact  silenced  n/a  share")
    for row in table:
        values = [row[name] for name in names[2:]]
        share = f"{values[-1]:.2f}" if values[0] else "-"
        print(row["repository"].ljust(wide) + row["kind"].ljust(12) + "%6d%8d%7d%10d%5d  " % tuple(values[:-1]) + share)
    if options.list:
        for report in reports:
            failures(report)


def failures(report):
    """Each place that was not exact, and each that was not applicable because of another guard."""
    for kind, result in report["kinds"].items():
        doubtful = [place for place in result["not_applicable"] if place["diff"]]
        for place in [p for p in result["places"] if p["outcome"] != "exact" or not p["silenced"]] + doubtful:
            route = f" {place['endpoint']['method']} {place['endpoint']['path']}" if place["endpoint"] else ""
            print(f"\n{report['repository']} {kind} {place['outcome']}: {place['file']}:{place['line']}{route} ({place['mutation']})")
            if place["reason"]:
                print("  " + place["reason"])
            print("  " + place["diff"].replace("\n", "\n  "))
            for finding in place["instead"][:6]:
                print(f"  {'-' if finding.get('gone') else '+'} {finding['rule']} {finding['file']}:{finding['line']} {finding['message']}")
        unknown = len(result["not_applicable"]) - len(doubtful)
        if unknown:
            print(f"\n{report['repository']} {kind}: {unknown} not applicable for want of a mutation, such as")
            for place in [p for p in result["not_applicable"] if not p["diff"]][:5]:
                print(f"  {place['file']}:{place['line']}")


if __name__ == "__main__":
    sys.exit(main())

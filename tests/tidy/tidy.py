#!/usr/bin/env python3
"""Holds the walls of the house and prints sizes.

    tests/tidy/tidy.py [ROOT]

A wall that is broken is printed as FILE:LINE: what; the exit code is 1 then. Sizes are printed, not judged.
"""
import pathlib
import re
import statistics
import sys

import source
import walls

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
_AS_IS = re.compile(r"(\.(patch|diff|tape|bin|der|png)$)|(^|/)(corpus|seeds|golden)/")


class Tree:
    """A checkout in memory: the text of every file that is one."""

    def __init__(self, root):
        self.text = {}
        for name in source.files(root):
            raw = (pathlib.Path(root) / name).read_bytes()
            if b"\0" not in raw:
                self.text[name] = raw.decode("utf-8", "replace")

    def product(self):
        """(name, room, text) of each source of the product."""
        for name, text in self.text.items():
            if name.endswith((".c", ".h")) and source.room(name):
                yield name, source.room(name), text


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def rooms_include_only_what_they_may(tree):
    for name, room, text in tree.product():
        if room not in walls.MAY_INCLUDE:
            yield name, 1, f"'{room}' is no room of the house: give it a line in tests/tidy/walls.py"
            continue
        allowed = walls.MAY_INCLUDE[room] + (room,)
        for match in _INCLUDE.finditer(text):
            kind, header = match.groups()
            if kind == '"' and header not in allowed and header.split("/")[0] not in allowed_rooms(allowed, header):
                yield name, line_of(text, match.start()), f"{room} may not include {header}"


def allowed_rooms(allowed, header):
    """The whole rooms of `allowed`; a header must name its room, so one without a folder is in none."""
    return [entry for entry in allowed if not entry.endswith(".h")] if "/" in header else []


def third_party_headers_stay_in_their_rooms(tree):
    for name, room, text in tree.product():
        for match in _INCLUDE.finditer(text):
            header = match.group(2)
            owners = [rooms for start, rooms in walls.THIRD_PARTY.items() if header.startswith(start)]
            if owners and owners[0] is not None and room not in owners[0]:
                yield name, line_of(text, match.start()), f"{header} belongs to {', '.join(owners[0])}, not {room}"
            elif not owners and match.group(1) == "<" and not is_system(header):
                yield name, line_of(text, match.start()), f"{header}: unknown; name its room in tests/tidy/walls.py"


def is_system(header):
    return header.startswith(walls.SYSTEM_FOLDERS) or header.removesuffix(".h") in walls.SYSTEM_HEADERS


def threads_are_made_in_one_file(tree):
    for name, _room, text in tree.product():
        for match in _INCLUDE.finditer(text):
            if match.group(2) in walls.THREAD_HEADERS and name != walls.THREADS:
                yield name, line_of(text, match.start()), f"{match.group(2)}: threads are made in {walls.THREADS} only"


def pure_rooms_call_nothing_outside(tree):
    call = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(walls.NOT_IN_PURE_ROOMS))
    for name, room, text in tree.product():
        if room in walls.PURE:
            code = source.code_only(text)
            for match in call.finditer(code):
                yield name, line_of(code, match.start()), f"{match.group(1)}() in the pure room {room}"


def cjson_finds_members_by_exact_name(tree):
    call = re.compile(r"\b(%s)\s*\(" % "|".join(walls.CASELESS_CJSON))
    for name, text in tree.text.items():
        if name.endswith((".c", ".h")):
            code = source.code_only(text)
            for match in call.finditer(code):
                yield name, line_of(code, match.start()), f"{match.group(1)}: take the CaseSensitive one"


def headers_have_guards(tree):
    guard = re.compile(r"#ifndef (IFMATCH_\w+_H)\n#define \1\n")
    for name, text in tree.text.items():
        if name.endswith(".h") and not guard.match(text):
            yield name, 1, "does not begin with its guard (#ifndef IFMATCH_..._H)"


def text_is_clean(tree):
    for name, text in tree.text.items():
        if _AS_IS.search(name):
            continue
        if text and not text.endswith("\n"):
            yield name, text.count("\n") + 1, "does not end with a newline"
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line:
                yield name, number, "tab"
            if line != line.rstrip():
                yield name, number, "trailing space"


def files_name_no_machine(tree):
    paths = re.compile(r"(?<![\w.}~-])(%s)" % "|".join(map(re.escape, walls.MACHINE_PATHS)))
    hosts = re.compile("|".join(map(re.escape, walls.REGISTRY_HOSTS)))
    for name, text in tree.text.items():
        for what, pattern in (("a path of one machine", paths), ("a registry host", hosts)):
            for match in pattern.finditer(text):
                yield name, line_of(text, match.start()), f"{what}: {match.group()}"


WALLS = (rooms_include_only_what_they_may, third_party_headers_stay_in_their_rooms, threads_are_made_in_one_file,
         pure_rooms_call_nothing_outside, cjson_finds_members_by_exact_name, headers_have_guards, text_is_clean,
         files_name_no_machine)


def print_sizes(tree):
    for title, wanted in (("product", lambda name: source.room(name)), ("tests", lambda name: name.startswith("tests/"))):
        sources = {name: text for name, text in tree.text.items() if name.endswith((".c", ".h")) and wanted(name)}
        found = [(lines, name, begin, function) for name, text in sources.items()
                 for function, begin, lines in source.functions(text)]
        print_distribution(f"{title}: lines of {len(sources)} files", [text.count("\n") for text in sources.values()])
        print_distribution(f"{title}: lines of {len(found)} functions", [entry[0] for entry in found])
        if title == "product":
            for lines, name, begin, function in sorted(found, reverse=True)[:5]:
                print(f"  {lines:5} {function} at {name}:{begin}")


def print_distribution(title, values):
    if len(values) > 1:
        cuts = statistics.quantiles(values, n=100, method="inclusive")
        print(f"{title}: median {statistics.median(values):.0f}, p90 {cuts[89]:.0f}, p99 {cuts[98]:.0f}, "
              f"max {max(values)}")


def main(root):
    tree = Tree(root)
    failed = 0
    for wall in WALLS:
        broken = list(wall(tree))
        for name, number, what in broken:
            print(f"{name}:{number}: {what}")
        failed += bool(broken)
        print(f"{'FAILED' if broken else 'held  '} {wall.__name__.replace('_', ' ')}")
    print_sizes(tree)
    print(f"{len(WALLS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]))

"""Reading the tree: which files there are, C text without comments and strings, where functions begin and end."""
import pathlib
import re
import subprocess

_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root):
    """All files that are tracked or would be, relative to `root`, sorted."""
    root = pathlib.Path(root)
    if (root / ".git").exists():
        listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                                 check=True, capture_output=True).stdout.decode().split("\0")
        names = {name for name in listing if name and (root / name).is_file()}
    else:
        names = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    return sorted(names)


def room(name):
    """The room of a source of the product, None for everything else."""
    parts = pathlib.PurePath(name).parts
    if parts[0] == "common" and len(parts) > 1:
        return "common"
    if parts[0] == "worker":
        return parts[1] if len(parts) > 2 else "main"
    return None


def code_only(text):
    """The text with comments and literals blanked out; lines stay where they are."""
    def blank(match):
        kept = '""' if match.group().startswith('"') else " "
        return kept + "\n" * match.group().count("\n")
    return _COMMENT_OR_STRING.sub(blank, text)


def functions(text):
    """(name, first line, number of lines) of each function: a body is between { and } in the first column."""
    lines = text.splitlines()
    begin = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            begin = number
        elif begin is not None and line.startswith("}"):
            yield _name(lines, begin - 2), begin, number - begin + 1
            begin = None
        elif line.startswith("START_TEST(") or line.startswith("END_TEST"):
            begin = None


def _name(lines, last):
    """The word before the first parenthesis of the signature that ends in line index `last`."""
    first = last
    while first > 0 and lines[first].startswith((" ", "\t")):
        first -= 1
    match = re.search(r"(\w+)\s*\(", " ".join(lines[first:last + 1]))
    return match.group(1) if match else "?"

"""Regular expressions -> texts that repeat what each of them repeats, and then do not match: their worst cases."""

import importlib
import pkgutil
import re
import sys
from re import _constants as constants
from re import _parser as parser

SIGNS = " a1A-.,'\"“”\n臉。_:/<>=()[]&;!?％%$#@|·•\t" + "".join(map(chr, range(33, 127)))
CLASSES = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": lambda c: c.isalnum() or c == "_"}
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def list_patterns(run):
    """Return every pattern (str) that hkresearch compiles while it is imported and while `run()` runs, with its place."""
    found, compile_one = {}, re._compile

    def watch(pattern, flags):
        compiled = compile_one(pattern, flags)
        caller = sys._getframe(2).f_globals.get("__name__", "")
        if (
            isinstance(compiled, re.Pattern)
            and isinstance(compiled.pattern, str)
            and caller.startswith("hkresearch")
        ):
            found.setdefault(
                (compiled.pattern, compiled.flags), f"{caller}:{sys._getframe(2).f_lineno}"
            )
        return compiled

    re._compile = watch
    try:
        import hkresearch

        for module in pkgutil.walk_packages(hkresearch.__path__, "hkresearch."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        run()
    finally:
        re._compile = compile_one
    return found


def list_pumps(pattern, flags):
    """Return the (prefix, unit) pairs of a pattern: what comes before each of its repetitions, and what they repeat."""
    tree = parser.parse(pattern, flags)
    whole = write_items(tree)
    return sorted(
        {
            *find_repeats(tree, ""),
            *([("", whole)] if whole else []),
            *([("", whole[:-1])] if whole[:-1] else []),
        }
    )


def write_items(items):
    return "".join(write_item(str(name), value) for name, value in items)


def write_item(name, value):
    """Return a short string that one element of a parsed pattern matches."""
    if name == "LITERAL":
        return chr(value)
    if name == "NOT_LITERAL":
        return "b" if value == ord("a") else "a"
    if name == "ANY":
        return "a"
    if name == "IN":
        return pick_sign(value)
    if name in REPEATS:
        return write_items(value[2]) * value[0]
    if name == "SUBPATTERN":
        return write_items(value[3])
    if name == "ATOMIC_GROUP":
        return write_items(value)
    if name == "BRANCH":
        return min((write_items(branch) for branch in value[1]), key=len)
    return ""  # a look around, a bound, a reference


def pick_sign(choices):
    wanted = str(choices[0][0]) != "NEGATE"
    inside = [(str(name), value) for name, value in choices if str(name) != "NEGATE"]
    for sign in SIGNS:
        if any(is_in(sign, name, value) for name, value in inside) == wanted:
            return sign
    return next(
        (
            chr(value if name == "LITERAL" else value[0])
            for name, value in inside
            if name != "CATEGORY"
        ),
        "a",
    )


def is_in(sign, name, value):
    if name == "LITERAL":
        return ord(sign) == value
    if name == "RANGE":
        return value[0] <= ord(sign) <= value[1]
    kind = str(value).removeprefix("CATEGORY_")
    return CLASSES[kind.removeprefix("NOT_")](sign) != kind.startswith("NOT_")


def find_repeats(items, prefix):
    for name, value in ((str(name), value) for name, value in items):
        if name in REPEATS:
            least, most, body = value
            if most is constants.MAXREPEAT or most > 20:
                units = {write_items(body)} | {
                    write_items(b) for n, v in body if str(n) == "BRANCH" for b in v[1]
                }
                yield from ((prefix, unit) for unit in units if unit)
            yield from find_repeats(body, prefix)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from find_repeats(value[3] if name == "SUBPATTERN" else value, prefix)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from find_repeats(branch, prefix)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from find_repeats(value[1], prefix)
        prefix += write_item(name, value)

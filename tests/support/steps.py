"""How much work something is, counted in calls: the same on a busy machine as on an idle one."""

import sys


def count_calls(work):
    """Return the number of calls, of Python's functions and of C's, that `work()` makes."""
    count = 0

    def watch(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count

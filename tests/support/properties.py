"""How many examples a property is tried on: few in the suite, more with EXAMPLES=10 make test."""

import os

from hypothesis import Phase, settings

# Shrinking a failing example may take minutes where one example is a whole build, and the first found is small.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


def examples(count, **options):
    """Settings of a property whose `count` examples cost most of its time."""
    return settings(
        max_examples=count * int(os.environ.get("EXAMPLES", "1")), deadline=None, **options
    )

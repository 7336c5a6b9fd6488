"""A person's decisions as a file."""


def write_decisions(folder, *lines):
    """Write decisions.csv with a row for each "target,decision" and return its path."""
    path = folder / "decisions.csv"
    rows = [f"{line},because,ada,2026-01-02" for line in lines]
    path.write_text("\n".join(["target,decision,reason,coder,date", *rows, ""]), "utf-8")
    return path

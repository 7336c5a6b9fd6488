"""A person's row of decisions.csv, and a view for coding opened on a folder."""

import hkresearch as hk

DECISION_ROW = {
    "target": "t1",
    "decision": "reject",
    "reason": "why",
    "coder": "anna",
    "date": "2026-01-02",
}
DECISION_HEAD = "target,decision,reason,coder,date\n"
DECISION_LINE = "t1,reject,why,anna,2026-01-02\n"


def open_view(tables, articles, folder, **options):
    coder = options.pop("coder", "anna")
    return hk.code_passages(tables, articles, coder=coder, folder=folder, **options)

"""The words round a verb -> whether the action is stated, expected or considered, or no position at all."""

from __future__ import annotations

import re

from hkresearch.structure.positions.matches import Subject

CLAUSE = re.compile(r"[,;]| (?:said|says|that|and|but|which|who) ")
WORDS = re.compile(r"[\w'-]+")
SINCE = re.compile(
    r"[^.;]{0,120}\bsince\b"
)  # "has given none since": a statement about a time, not about ever
UNSAID = re.compile(
    r"(?:\bnot|n't|yet to|declined to) (?:yet )?(?:said?|confirm\w*|announced?|indicated?) (?:that |whether |if )?$"
)
PRACTICES = ("comply", "continue", "review", "never_complied")  # nobody weighs what was done
UNKNOWN = re.compile(
    r"(?:(?!\b(?:as|while|because|since|if|until|unless|that|whether)\b)[^.;]){0,60}\b(?:is|are|was|remains?) (?:still )?(?:unclear|not clear|unknown|uncertain|to be seen)\b"
)
THREAT = re.compile(r"[^.;]{0,60}\b(?:if|unless|should)\b")
THREAT_HAN = re.compile(r"若|如果|倘|一旦|威脅|威胁|警告")
WAITING_HAN = re.compile(
    r"(?:[也亦將将會会並并仍]|正在|目前)*(?:等|待|有待|以待|靜待|静待|直至|直到)"
)
PENDING = re.compile(r"\b(?:await\w*|pending|until|subject to|waiting for)\b")
MEANWHILE = re.compile(r"\b(?:while|as|pending|until)\b")


def read_modality(
    subject: Subject, after: str, words: dict, code: str, language: str, speaks: bool
) -> str:
    """Return stated, expected or considered; nothing when the words between subject and verb leave no position.

    `speaks`: the organisation says it of itself ("as we conduct our review"), so a clause with "as" counts too.
    """
    head, tail = subject.lead, subject.tail
    if language == "en":
        last = CLAUSE.split(tail)[-1]
        near = " ".join(WORDS.findall(last)[-7:])
        lead = " ".join(WORDS.findall(head)[-2:])
    else:
        last = near = tail[-12:]
        lead = re.split(r"[。；！？，,]", head)[-1][-4:]
    if "asked" in words and words["asked"].search(lead):
        return ""
    if language == "en" and UNSAID.search(head):
        return ""
    if language == "en" and UNKNOWN.match(after):
        return ""
    if code == "exit" and (THREAT.match(after) if language == "en" else THREAT_HAN.search(tail)):
        return "considered"  # "would leave if": a threat
    undecided = words["considered"].search(near)
    if undecided and near.startswith(" whether to", undecided.end()):
        return "considered" if code not in PRACTICES else ""
    if lead.endswith("neither") or words["hypothetical"].search(f"{lead} {near}"):
        return ""
    if code == "never_complied" and SINCE.match(after):
        return ""
    if code == "review" and language == "zh":
        clause = re.split(r"[,，、;；:：「“\"]", tail)[-1]
        if words["subordinate"].search(tail[-6:]) or WAITING_HAN.match(clause.strip()):
            return ""
    if code == "review" and language == "en" and PENDING.search(near):
        return ""
    if code == "review" and language == "en" and not speaks:
        prior = " ".join(WORDS.findall(head.split(",")[-1])[-1:])
        if words["subordinate"].fullmatch(prior) and prior not in ("the", "by", "to", "for"):
            return ""
        final = near.split()[-1:] or [""]
        if words["subordinate"].fullmatch(final[0]) and not (
            final[0] == "to" and words["purpose_verbs"].search(near)
        ):
            return ""
        if MEANWHILE.search(near):
            return ""
    if words["negation"].search(near) and code not in ("no_change",):
        return ""
    if words["expected"].search(near):
        return "expected"
    if words["considered"].search(near):
        return "considered" if code not in PRACTICES else ""
    return "stated"

"""Quotations: who says what, in English and in Chinese, with which words, for which organisation."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Article
from hkresearch.structure.quotations.annotate import code_quotations
from hkresearch.structure.quotations.reporting_lexicon import inflect_verb
from hkresearch.structure.text.mentions import find_mentions
from hkresearch.structure.text.quotation_marks import find_segments
from hkresearch.structure.text.sentences import find_sentences
from support.paths import SHARED
from support.steps import count_calls

CODEBOOK = read_codebook()


def read(text):
    article = Article("t", text, "", "")
    sentences = find_sentences(article, [], CODEBOOK)
    return code_quotations(
        article, sentences, find_mentions(article, sentences, CODEBOOK), CODEBOOK
    )


def list_quotations(text):
    """(kind, words, speaker) of every quotation."""
    rows = read(text)
    speakers = {row.subject: row.exact for row in rows if row.variable == "speaker"}
    return [
        (row.code, row.exact, speakers.get(row.id, ""))
        for row in rows
        if row.variable == "quotation"
    ]


def list_attributes(text, variable):
    return [row.code for row in read(text) if row.variable == variable]


ENGLISH = [
    ("“We agree,” Ann Lee said.", [("direct", "We agree,", "Ann Lee")], "speaker, then verb"),
    ("“We agree,” said Ann Lee, a lawyer.", [("direct", "We agree,", "Ann Lee")], "verb, then speaker"),
    ("Ann Lee said, “We agree.”", [("direct", "We agree.", "Ann Lee")], "speaker first"),
    ("The decision to suspend sales talks suggests they see a risk.", [], "what is decided says nothing"),
    ("Ann Lee said: “We agree.”", [("direct", "We agree.", "Ann Lee")], "a colon"),
    ("“Why?” Ann Lee asked.", [("direct", "Why?", "Ann Lee")], "a question mark ends the words, not the sentence"),
    ("The firm said it would stop.", [("indirect", "it would stop", "The firm")], "a bare clause"),
    ("The firm said that it would stop.", [("indirect", "it would stop", "The firm")], "that is no part of it"),
    ("It would stop, the firm said.", [("indirect", "It would stop", "the firm")], "the clause before its verb"),
    ("According to the firm, it would stop.", [("indirect", "it would stop", "the firm")], "according to, first"),
    ("It would stop, according to the firm.", [("indirect", "It would stop", "the firm")], "according to, last"),
    ("Ann Lee was quoted as saying it would stop.", [("indirect", "it would stop", "Ann Lee")], "a verb in the passive"),
    ("The paper quoted Ann Lee as saying it would stop.", [("indirect", "it would stop", "Ann Lee")], "quoted by another"),
    ("Ann Lee, who chairs it, said late on Monday that it would stop.", [("indirect", "it would stop", "Ann Lee, who chairs it")],
     "a relative clause, and an hour of the day"),
    ("Ann Lee told reporters that it would stop.", [("indirect", "it would stop", "Ann Lee")], "a listener stands between"),
    ("Ann Lee said on Monday that it would stop.", [("indirect", "it would stop", "Ann Lee")], "a time stands between"),
    ("The firm has not announced a change in its policy.", [], "what was not announced is no statement"),
    ("Ann Lee said by e-mail that it would stop.", [("indirect", "it would stop", "Ann Lee")], "no passive"),
    ("Ann Lee said in a statement that it would stop.", [("indirect", "it would stop", "Ann Lee")], "a place stands between"),
    ("The firm last week said it would stop.", [("indirect", "it would stop", "The firm")], "a time before the verb"),
    ("The firm, owned by Ann Lee, said it would stop.", [("indirect", "it would stop", "The firm, owned by Ann Lee")],
     "what stands between commas belongs to the mention"),
    ("Alpha, Beta and Gamma have all said they will stop.", [("indirect", "they will stop", "Alpha, Beta and Gamma")], "a list"),
    ("Ann Lee refused to stop.", [("indirect", "to stop", "Ann Lee")], "an infinitive"),
    ("Ann Lee asked whether it would stop.", [("indirect", "whether it would stop", "Ann Lee")], "a question inside"),
    ("Ann Lee cited the new rules, adding that they bite.",
     [("indirect", "the new rules", "Ann Lee"), ("indirect", "they bite", "Ann Lee")], "a participle keeps the subject"),
    ("Ann Lee said the law was bad and called for a vote.",
     [("indirect", "the law was bad", "Ann Lee"), ("indirect", "a vote", "Ann Lee")], "a second verb ends the first content"),
    ("The firm said it would stop, after the council passed the law.", [("indirect", "it would stop", "The firm")],
     "what happened before is no part of what was said"),
    ("The firm said it “will stop” soon.",
     [("mixed", "it “will stop” soon", "The firm"), ("direct", "will stop", "The firm")], "mixed, and the marked words in it"),
    ("“We agree,” Ann Lee said, “and we will stop.”",
     [("direct", "We agree,", "Ann Lee"), ("direct", "and we will stop.", "Ann Lee")], "interrupted by its verb"),
    ("“We agree,” Ann Lee said. “We will stop.”",
     [("direct", "We agree,", "Ann Lee"), ("direct", "We will stop.", "Ann Lee")], "a second sentence goes on"),
    ("“We agree with it,” Ann Lee said.\n“We will stop at once.”",
     [("direct", "We agree with it,", "Ann Lee"), ("direct", "We will stop at once.", "Ann Lee")], "a paragraph of its own goes on"),
    ("Ann Lee put it plainly:\n“We will stop.”", [("direct", "We will stop.", "Ann Lee")], "introduced a line before"),
    ("“We agree with all of it.” — Ann Lee", [("direct", "We agree with all of it.", "Ann Lee")], "signed"),
    ("LEE: We agree.\nROE: We do not.\nLEE: Well.\nROE: Well.",
     [("direct", "We agree.", "LEE"), ("direct", "We do not.", "ROE"), ("direct", "Well.", "LEE"), ("direct", "Well.", "ROE")],
     "a transcript, its labels repeated"),
    ("UPDATE: it rained.", [], "one label in capitals is no transcript"),
    ("“We agree, Ann Lee said.", [("direct", "We agree, Ann Lee said.", "")], "an unclosed mark runs to the end of the line"),
    ("The so-called “Great Wall” is long.", [], "a term is no speech"),
    ("He wrote the song “Long Way Home” in May.", [], "nor is a title"),
    ("On “Meet the Nation,” Ann Lee said it would stop.", [("indirect", "it would stop", "Ann Lee")], "nor a programme"),
    ("The report was long. His claims were many.", [], "nouns that look like verbs"),
    ("The plan, announced by the firm, is new.", [], "a participle is no report"),
    ("Ann Lee said she thought it would stop.", [("indirect", "she thought it would stop", "Ann Lee")],
     "a belief inside what is said is not reported apart"),
    ("His claim that it would stop was wrong.", [("indirect", "it would stop was wrong", "His")], "a noun that reports (its end is a known weakness)"),
]  # fmt: skip

CHINESE = [
    ("甲公司表示將暫停處理要求。", [("indirect", "將暫停處理要求", "甲公司")], "the plain order"),
    ("甲公司發言人說：「我們會停止。」", [("direct", "我們會停止。", "甲公司發言人")], "corner marks after a colon"),
    ("“我们会停止。”甲公司发言人说。", [("direct", "我们会停止。", "甲公司发言人")], "curly marks, the verb last, Simplified"),
    ("「我們同意，」甲公司發言人表示，「並會停止。」",
     [("direct", "我們同意，", "甲公司發言人"), ("direct", "並會停止。", "甲公司發言人")], "interrupted by its verb"),
    ("甲公司週一發表聲明，表示將暫停。", [("indirect", "將暫停", "甲公司")], "the subject stands a clause before"),
    ("昨日甲公司則稱不會停止。", [("indirect", "不會停止", "甲公司")], "time and adverb are no part of the speaker"),
    ("甲公司批評乙公司，並強調會停止。",
     [("indirect", "乙公司", "甲公司"), ("indirect", "會停止", "甲公司")], "a second verb keeps the speaker"),
    ("根據《某報》報道，甲公司會停止。", [("indirect", "甲公司會停止", "《某報》")], "according to"),
    ("甲公司稱政府表示會停止。", [("indirect", "政府表示會停止", "甲公司")], "reported inside what is reported"),
    ("對於有報道指乙公司會停止，甲公司沒有回應。", [("indirect", "乙公司會停止", "有報道")], "what a clause is about ends at its comma"),
    ("報道引述甲公司發言人稱，會停止。", [("indirect", "會停止", "甲公司發言人")], "the one quoted, not the one who quotes"),
    ("甲公司從未向政府透露任何資料。", [], "what was not said"),
    ("這個名稱沒有意義。", [], "a longer word that only contains a cue"),
    ("名為「防火長城」的系統。", [], "a term is no speech"),
    ("甲公司說：「他答『好』就走。」", [("direct", "他答『好』就走。", "甲公司")], "nested marks"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "reason"), ENGLISH, ids=[case[2] for case in ENGLISH])
def test_english(text, wanted, reason):
    assert list_quotations(text) == wanted


@pytest.mark.parametrize(("text", "wanted", "reason"), CHINESE, ids=[case[2] for case in CHINESE])
def test_chinese(text, wanted, reason):
    assert list_quotations(text) == wanted


ORGANISATIONS = [
    ("Facebook said it would stop.", ["facebook"], "a name"),
    (
        "Google and Twitter said they would stop.",
        ["google", "twitter"],
        "one row for each of several",
    ),
    ("A WhatsApp spokeswoman said it would stop.", ["whatsapp"], "a name inside the mention"),
    (
        "WhatsApp, which is owned by Facebook, said it would stop.",
        ["whatsapp"],
        "an owner named aside does not speak",
    ),
    ("Facebook’s WhatsApp said it would stop.", ["whatsapp"], "nor one in the possessive"),
    (
        "Twitter stopped. “We agree,” a spokesperson said.",
        ["twitter"],
        "a bare spokesperson speaks for the one named last",
    ),
    (
        "Apple is large.\nIts chief executive, Tim Cook, left. Cook said it was fine.",
        ["apple"],
        "a surname, by its introduction",
    ),
    (
        "Google and Twitter, which said they would stop, are large.",
        ["google", "twitter"],
        "a relative pronoun, by its list",
    ),
    (
        "The BBC quoted Facebook as saying it would stop.",
        ["facebook"],
        "the one quoted, not the one who quotes",
    ),
    ("Some residents said they were afraid.", [], "nobody's organisation is never guessed"),
    ("Slack paused. The official said: “They give in.”", [], "an official speaks for no company"),
    ("Slack paused. A minister said: “They give in.”", [], "nor does a minister"),
    ("A Twitter user said it was over.", [], "nor a user"),
    ("A former Google executive said it was over.", [], "nor who has left"),
    (
        "Hong Kong police wrote. Zoom paused. A police spokesman said it was fine.",
        ["hong_kong_police"],
        "a body's own word",
    ),
    (
        "The Security Bureau wrote to Google. The agency said: “We insist.”",
        ["hong_kong_government"],
        "the agency",
    ),
    ("Google, Slack and Zoom paused. A spokesperson said: “We insist.”", [], "whose spokesperson?"),
    ("By contrast, viber’s spokesman said: “We insist.”", ["viber"], "a name in lower case"),
    ("“We insist,” a Zoom spokesman said. “We do,” she added.", ["zoom", "zoom"], "she goes on"),
    ("Lawyers for Google said it was void.", ["google"], "counsel of a client"),
    ("臉書暫停。一名美國官員說：「我們堅持。」", [], "a Chinese official"),
    ("臉書暫停。一名推特用戶說：「我們堅持。」", [], "a Chinese user"),
    ("脸书发言人表示会停止。", ["facebook"], "a name in Simplified Chinese"),
    (
        "社交平台Facebook和其旗下的WhatsApp昨日發表聲明，指會停止。",
        ["facebook", "whatsapp"],
        "a list, a clause before",
    ),
    (
        "翻查紀錄，總部設於倫敦的Telegram早已拒絕，強調不會停止。",
        ["telegram"],
        "the name in the clause before",
    ),
]


@pytest.mark.parametrize(
    ("text", "wanted", "reason"), ORGANISATIONS, ids=[case[2] for case in ORGANISATIONS]
)
def test_the_organisation_that_speaks(text, wanted, reason):
    assert list_attributes(text, "organisation") == wanted


CREDITS = [
    ("“We agree,” a Google spokesman told the BBC.", ["bbc"], "told to an outlet of the codebook"),
    (
        "The firm revealed to the Daily Planet News that it would stop.",
        ["the Daily Planet News"],
        "one that no book lists, in its words",
    ),
    ("The BBC quoted Facebook as saying it would stop.", ["bbc"], "an outlet that quotes"),
    ("The firm told its users that it would stop.", [], "users are no outlet"),
    ("Facebook發言人向BBC表示會停止。", ["bbc"], "in Chinese the outlet stands before the verb"),
    (
        "According to a report in The Wall Street Journal, it would stop.",
        ["wall_street_journal"],
        "a report in an outlet",
    ),
]


@pytest.mark.parametrize(("text", "wanted", "reason"), CREDITS, ids=[case[2] for case in CREDITS])
def test_the_credited_outlet(text, wanted, reason):
    assert list_attributes(text, "via") == wanted


MARKS = [
    ('a "b" c "d"', ["b", "d"], "straight marks by turns"),
    ("a “b” c", ["b"], "curly marks by form"),
    ("a “b c", ["b c"], "an unclosed one runs to the end"),
    ("a “b “c” d", ["b ", "c"], "a second opening closes the first"),
    ('a “b" c', ["b"], "mixed marks"),
    ('a “b "c" d” e', ['b "c" d'], "straight marks inside curly ones"),
    ("「甲『乙』丙」", ["甲『乙』丙"], "corner marks nest"),
    ("a ‘b c’ d’s e", ["b c"], "single marks; an apostrophe is none"),
    ("a ''b'' c", ["b"], "two apostrophes stand for one mark"),
    ("the voters' will", [], "a possessive opens nothing"),
    ('""', [], "nothing inside"),
    ("„a b“ c", ["a b"], "German marks"),
    ("»a b« c", ["a b"], "marks that point inwards"),
]


@pytest.mark.parametrize(("text", "wanted", "reason"), MARKS, ids=[case[2] for case in MARKS])
def test_marked_segments(text, wanted, reason):
    assert [text[s.start : s.end] for s in find_segments(text, 0, len(text))] == wanted


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("claim", "claims claimed claiming"),
        ("argue", "argues argued arguing"),
        ("reply", "replies replied replying"),
        ("stress", "stresses stressed stressing"),
    ],
)
def test_verbs_inflect(base, forms):
    found = inflect_verb(base)
    assert [found["s"], found["past"], found["ing"]] == forms.split()


WORDS = ["Ann", "Lee", "said", "that", "the", "firm", "“", "”", '"', ",", ".", ":", "told", "and", "according", "to", "who",
         "他", "表示", "「", "」", "，", "。", "\n", "(", ")", "—", "saying", "is", "as", "'s", "claims", "1", "‘", "’", "LEE:"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from(["", " "]))
def test_any_text_is_read_with_exact_offsets_in_a_fixed_order(words, space):
    text = space.join(words)
    rows = read(text)
    ids = {row.id for row in rows}
    assert len(ids) == len(rows) and rows == read(text)
    for row in rows:
        assert 0 <= row.start < row.end <= len(text) and row.exact == text[row.start : row.end]
        assert row.subject == "t" if row.variable == "quotation" else row.subject in ids
        if row.variable == "quotation":
            assert row.code in ("direct", "indirect", "mixed")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_an_error(text):
    assert all(row.exact == text[row.start : row.end] for row in read(text))


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "“",
        "「",
        "said ",
        "he said that ",
        '"We agree." ',
        "他表示",
        "「同意」",
        ".x",
        "AB ",
        "that said: ",
    ],
)
def test_work_grows_with_the_length_alone(unit):
    def measure(n):
        article = Article("t", unit * (n // len(unit)), "", "")
        sentences = find_sentences(article, [], CODEBOOK)
        return count_calls(lambda: code_quotations(article, sentences, [], CODEBOOK))

    measure(1_000)
    assert measure(8_000) < 6 * measure(2_000)  # four times the text; a square would be sixteen


PAGES = SHARED


@pytest.mark.skipif(
    not (PAGES / "gold/articles-gold.jsonl").is_file(),
    reason="the real pages are not beside this checkout",
)
def test_the_hand_coding_of_the_real_pages():
    gold = [
        json.loads(line)
        for line in (PAGES / "gold/articles-gold.jsonl").read_text("utf-8").splitlines()
        if line.strip()
    ]
    wanted = {(r["file"], r["start"], r["end"]): r for r in gold if r["kind"] == "direct_quote"}
    reported = {
        (r["file"], r["start"], r["end"])
        for r in gold
        if r["kind"] == "indirect_quote" and r["mode"] != "belief"
    }
    silent = {(r["file"], r["start"], r["end"]) for r in gold if r["kind"] == "quoted_nonspeech"}
    direct, contents = {}, set()
    for path in sorted((PAGES / "articles").glob("*.txt")):
        rows = read(path.read_bytes().decode("utf-8"))
        speakers = {row.subject: (row.start, row.end) for row in rows if row.variable == "speaker"}
        for row in rows:
            if row.variable == "quotation" and row.code == "direct":
                direct[path.name, row.start, row.end] = speakers.get(row.id)
            elif row.variable == "quotation":
                contents.add((path.name, row.start, row.end))
    assert set(direct) == set(wanted) and not silent & set(
        direct
    )  # every marked segment, to the character
    for key, record in wanted.items():
        mentions = [[record["speaker_start"], record["speaker_end"]], *record["speaker_alt"]]
        assert any(direct[key][0] < end and start < direct[key][1] for start, end in mentions), (
            record["id"]
        )
    # A final mark may stand in or out of reported speech.
    found = sum(
        any(f == file and abs(a - start) < 6 and abs(b - end) < 6 for f, a, b in contents)
        for file, start, end in reported
    )
    assert found >= 0.95 * len(reported)
    assert len(contents) <= 1.1 * sum(r["kind"] == "indirect_quote" for r in gold)

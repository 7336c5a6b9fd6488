"""Positions of organisations: one row per way of saying it, and the ways that say nothing."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.coded_texts import BOOK, TOPIC, list_attributes, list_positions, read
from support.paths import SHARED
from support.steps import count_calls

CASES = [
    # (why, text behind the topic sentence, expected)
    ("active verb", "Google has paused all such requests.", "google pause"),
    ("headline verb", "Facebook, Zoom halt Hong Kong data requests", "facebook pause, zoom pause"),
    ("reported", "Twitter said it had suspended the processing of requests.", "twitter pause"),
    ("put on hold", "Zoom put requests from the police on hold.", "zoom pause"),
    ("passive with agent", "Police requests have been suspended by Google and Twitter.", "google pause, twitter pause"),
    ("noun", "Facebook announced a freeze on requests from the authorities.", "facebook pause"),
    ("decision of", "The decision by Twitter to suspend cooperation with the police was praised.", "twitter pause"),
    ("possessive", "Telegram's refusal to hand over data to the police is firm.", "telegram refuse"),
    ("first person", '"We are pausing the review of requests," a WhatsApp spokeswoman said.', "whatsapp pause"),
    ("list after including", "Firms including Google and Zoom have frozen user data requests.", "google pause, zoom pause"),
    ("joined by", "Microsoft joined Google in suspending requests for user data.", "google pause, microsoft pause"),
    ("will not", "Telegram will not process any requests.", "telegram refuse"),
    ("refuses", "Signal refuses to hand over user data to the police.", "signal refuse"),
    ("will not for now stays a refusal", "Google won't answer the requests for now.", "google refuse"),
    ("stop", "Google has stopped responding to requests from the police.", "google stop"),
    ("stop for a time is a pause", "Google has stopped processing requests while it studies the law.", "google pause"),
    ("no longer", "Google will no longer respond to requests.", "google stop"),
    ("stopped where the page says paused", "Google paused requests. Google stopped the requests on Monday.", "google pause"),
    ("never", "Telegram has never shared data with the Hong Kong police.", "telegram never_complied"),
    ("none given", "No personal data was released to the police, Facebook said.", "facebook never_complied"),
    ("complied", "Apple complied with most requests from the Hong Kong authorities.", "apple comply"),
    ("gave", "Microsoft has provided the Hong Kong government with user data.", "microsoft comply"),
    ("continues", "Apple continues to process requests from the police.", "apple continue"),
    ("reviews the law", "Apple said it was assessing the new law.", "apple review"),
    ("a review that only dates the pause", "Twitter paused requests while it reviews the law.", "twitter pause"),
    ("no change", "Microsoft has not announced a change in its policy.", "microsoft no_change"),
    ("leaves", "TikTok will pull out of Hong Kong.", "tiktok exit"),
    ("expected", "Google paused requests. Apple is expected to follow suit.", "google pause, apple pause expected"),
    ("considered", "Facebook is considering suspending requests from the police.", "facebook pause considered"),
    ("followed suit", "Google paused requests. Zoom followed suit.", "google pause, zoom pause"),
    ("as did", "Google paused requests, as did Twitter.", "google pause, twitter pause"),
    ("so has", "Google paused such requests. So has LinkedIn.", "google pause, linkedin pause"),
    ("parent", "WhatsApp paused requests. Its parent company did the same.", "whatsapp pause, facebook pause"),
    ("both", "Google and Zoom met. Both have suspended requests for user data.", "google pause, zoom pause"),
    ("its own answers", "Microsoft froze its replies while the police waited.", "microsoft pause"),
    ("a noun without its object", "Google and Twitter announce a pause.", "google pause, twitter pause"),
    ("a noun that began", "The first was Twitter, whose pause began last week.", "twitter pause"),
    ("those of", "The new pauses follow those of Google and Zoom.", "google pause, zoom pause"),
    ("no longer, after a pause", "Google paused requests. Google will no longer answer requests directly.", "google pause, google stop"),
    ("not resumed", "Twitter has not resumed the processing of requests.", "twitter pause"),
    ("requests to a company", "Requests to Facebook and Google have been on hold since July.", "facebook pause, google pause"),
    ("a contracted verb", "Zoom paused requests. Google's doing likewise.", "zoom pause, google pause"),
    ("owned apps", "Facebook, which also owns WhatsApp, paused requests for all of its services.", "facebook pause, whatsapp pause"),
    ("who is owned acts", "TikTok is small. The ByteDance-owned app said it was leaving Hong Kong.", "tiktok exit"),
    ("its parent too", "LinkedIn and its parent Microsoft have suspended requests.", "linkedin pause, microsoft pause"),
    ("after a preposition", "They join Fb and Google, which have paused requests.", "facebook pause, google pause"),
    ("as we review", '"We are pausing responses as we conduct our review," Microsoft said.', "microsoft pause, microsoft review"),
    ("weighing whether", "Google paused requests. Apple is weighing whether to join them.", "google pause, apple pause considered"),
    ("like others", "Like Facebook and Twitter, Google has paused requests for user data.", "facebook pause, google pause, twitter pause"),
    ("unlike others", "Unlike Facebook, Apple has not paused requests for user data.", "apple no_change"),
    ("tickers in a list", "Facebook (FB), Twitter (TWTR) and Google (GOOGL) paused user data requests.",
     "facebook pause, google pause, twitter pause"),
    ("the owner in a list is no actor", "Google, Zoom, and Microsoft's LinkedIn are the latest to have suspended user data requests.",
     "google pause, linkedin pause, zoom pause"),
    ("owned by another", "TikTok, owned by the Chinese firm ByteDance, said it will pull its own popular app from stores in Hong Kong.",
     "tiktok exit"),
    ("the same, by a list", "Zoom will not process user data requests. The same decision was announced earlier by Google and Twitter.",
     "google refuse, twitter refuse, zoom refuse"),
    ("a step that others took", "Zoom paused requests, a step that Google and Twitter have taken too.", "google pause, twitter pause, zoom pause"),
    ("in the footsteps of", "Google paused requests. Following in the footsteps of Google, Zoom will stop processing requests.",
     "google pause, zoom stop"),
    ("admits", "Google admits handing over user data to Hong Kong authorities.", "google comply"),
    ("a share", "Facebook had 241 requests from Hong Kong and complied with 46 per cent.", "facebook comply"),
    ("defies", "Twitter defies Hong Kong over user data.", "twitter refuse"),
    ("moves that follow others", "Google paused requests. The moves by Microsoft and Zoom follow similar announcements by Google.",
     "google pause, microsoft pause, zoom pause"),
    ("another country's data in the next clause", "TikTok said it would never hand data to Chinese authorities and that it will withdraw from Hong Kong.",
     "tiktok exit"),
    ("our teams", 'Twitter was asked. “Our teams are reviewing the law,” it said.', "twitter review"),
    ("each its own clause", "Facebook, which rejected all requests, and Google, which complied with a few of the requests, met the police.",
     "facebook refuse, google comply"),
    ("for its services", "Facebook has frozen user data requests for its own site, for Instagram and for WhatsApp.",
     "facebook pause, instagram pause, whatsapp pause"),
    ("who should be followed", "Firms should follow Google, which refuses to comply with requests from the police.", "google refuse"),
    ("who speaks", "Twitter, Google and others met. Andy Stone, who speaks for Facebook, said: “We are pausing the review of requests.”",
     "facebook pause"),
    ("in response to the law", "Facebook paused data requests in response to the Hong Kong government's law.", "facebook pause"),
    ("its response", "Facebook suspended its response to law enforcement.", "facebook pause"),
    ("a threat", "Google told officials that it would leave Hong Kong if the law is passed.", "google exit considered"),
    ("nothing given", "Telegram has disclosed no data to the Hong Kong authorities.", "telegram never_complied"),
    ("machine-reworded", "Fb has briefly stopped dealing with information requests from Hong Kong specialists.", "facebook pause"),
]  # fmt: skip
NOTHING = [
    ("not about requests", "Facebook paused adverts in Hong Kong."),
    ("accounts", "Twitter suspended thousands of accounts in Hong Kong."),
    (
        "accounts, because of a request",
        "Twitter suspended the accounts in response to a request from the Hong Kong police.",
    ),
    (
        "a video, because of pressure",
        "TikTok dropped the video in response to pressure from the Hong Kong government.",
    ),
    (
        "channels, in answer to requests",
        "YouTube terminated the channels, in answer to requests from government agencies.",
    ),
    (
        "held to be",
        "Google said its responses to requests from the Hong Kong police were held to be voluntary.",
    ),
    (
        "held up as",
        "Twitter said its disclosures to the Hong Kong authorities had been held up as a model.",
    ),
    (
        "another country's requests",
        "Twitter rejected requests for user data from the Indian government.",
    ),
    ("hypothetical", "If Twitter refused a request, its staff could be jailed."),
    ("whether", "It is not known whether LinkedIn would comply with requests from the police."),
    ("no statement", "Amazon declined to say whether it would hand over user data."),
    ("neither", "Neither Facebook nor Twitter will hand over user data to Hong Kong police."),
    ("unclear", "When TikTok will exit Hong Kong is unclear."),
    ("in the end", "In the end Apple may have to give user data to the police."),
    ("hard to refuse", "For Google it is hard to refuse requests from the police."),
    ("waits for a review", "Twitter awaits a further evaluation of the law."),
    ("asked to", "Activists urged Apple to stop cooperating with the Hong Kong police."),
    ("somebody else", "Hong Kong police said they had suspended all requests."),
    ("residents", "Some residents said they were reviewing the law."),
    ("the page's own we", "Google was asked. We would never stop processing requests."),
    ("not said", "Apple was asked. It hasn't said that it will stop cooperating with the police."),
    ("others", "Google is big. It expects other companies in the city to suspend requests."),
    ("unnamed companies", "Tech firms have suspended requests for user data."),
    ("held talks", "Google held talks on data requests with the police."),
    ("held up a phone", "Apple held up a phone in an answer to questions from officials."),
    ("requests held by", "Police hold the data requests that Google had."),
    ("somebody else beside it", "TikTok grows as other firms suspend police data requests."),
]
HAN_TOPIC = "香港警方要求科技公司提供用戶資料。\n"
HAN = [
    ("pause", "谷歌表示已暫停處理港府的請求。", "google pause"),
    (
        "list",
        "臉書、推特及WhatsApp暫停處理香港政府索取用戶資料的要求。",
        "facebook pause, twitter pause, whatsapp pause",
    ),
    ("refuse", "Telegram不會向當局披露用戶資料。", "telegram refuse"),
    ("never", "Signal稱從未向香港警方交出用戶資料。", "signal never_complied"),
    ("simplified", "苹果公司正评估国安法的影响。", "apple review"),
    ("exit", "TikTok宣布退出香港市場。", "tiktok exit"),
    (
        "parent",
        "WhatsApp暫停處理有關請求。其母公司亦採取相同做法。",
        "whatsapp pause, facebook pause",
    ),
    ("will not for now stays a refusal", "Telegram暫時拒絕港府索取用戶資料。", "telegram refuse"),
    ("the request first", "港府索取用戶個資的要求，推特暫不處理。", "twitter refuse"),
    (
        "a description before the second name",
        "通訊軟件有很多。臉書（Facebook）與旗下通訊軟件WhatsApp宣布，暫停審視香港政府索取用戶資料的要求。",
        "facebook pause, whatsapp pause",
    ),
    (
        "grave concern is no review",
        "推特同樣暫停處理港府的請求，並對法例表示「嚴重關注」。",
        "twitter pause",
    ),
    ("the word order of handing over", "谷歌已3度把用戶資料交予港府。", "google comply"),
    ("stopped handing over", "推特也暫時停止把用戶數據交給香港政府。", "twitter pause"),
    ("those that did are", "暫時拒絕香港政府索取用戶數據的社交平台，還有推特。", "twitter refuse"),
    ("first person", "谷歌表示：「港府一向索取不多，但我們將暫停回應這類要求。」", "google pause"),
    (
        "waits for others",
        "Telegram暫停處理港府的請求，等國際對國安法有進一步評估。",
        "telegram pause",
    ),
    ("a threat", "谷歌警告港府若修訂法例，將會停止在港服務。", "google exit considered"),
    ("no comment", "谷歌暫停處理港府的請求。推特拒絕置評。", "google pause"),
    ("asked", "有議員要求蘋果公司暫停處理有關請求。", ""),
    ("only awaiting a review", "谷歌暫停處理請求，以待評估國安法的影響。", "google pause"),
]


def expect(text):
    rows = [row.split() for row in text.split(", ") if row]
    return {(row[0], row[1], row[2] if len(row) > 2 else "stated") for row in rows}


@pytest.mark.parametrize("why, text, expected", CASES, ids=[case[0] for case in CASES])
def test_english(why, text, expected):
    assert list_positions(TOPIC + text) == expect(expected)


@pytest.mark.parametrize("why, text", NOTHING, ids=[case[0] for case in NOTHING])
def test_what_states_no_position(why, text):
    assert list_positions(TOPIC + text) == set()


@pytest.mark.parametrize("why, text, expected", HAN, ids=[case[0] for case in HAN])
def test_chinese(why, text, expected):
    assert list_positions(HAN_TOPIC + text) == expect(expected)


PLACES = [
    # (page, positions, why)
    ("Microsoft said on 7 July that it was pausing responses to law-enforcement requests.", "",
     "a page that names no place may speak of any place's requests"),
    ("The law took effect in Hong Kong.\nMicrosoft said that it was pausing responses to law-enforcement requests.", "microsoft pause", "a page about the place"),
    ("The law took effect in Hong Kong.\nMicrosoft suspended its responses to law enforcement.", "microsoft pause", "and without the word requests"),
    ("The law took effect in Hong Kong.\nMicrosoft suspended its response to the storm.", "", "a response to something else"),
]  # fmt: skip


@pytest.mark.parametrize("page, expected, why", PLACES, ids=[row[-1] for row in PLACES])
def test_a_page_must_speak_of_the_place_and_of_requests(page, expected, why):
    assert list_positions(page) == expect(expected), why


def test_page_off_the_topic_yields_nothing():
    assert list_positions("Google paused requests. Twitter will not process requests.") == set()


def test_every_example_of_the_book_gives_its_code():
    for code, table in BOOK.variables["position"]["codes"].items():
        if code in ("no_change", "exit", "review"):
            continue  # some of their examples lean on the sentence before
        found = [
            list_positions(f"{TOPIC}Zoom {example} in Hong Kong.")
            for example in table["examples"]["en"]
        ]
        assert sum(bool(f) for f in found) >= len(found) / 2, code


WITHHOLDING = [
    # (present, past, gerund, infinitive, code)
    ("pauses", "paused", "pausing", "pause", "pause"),
    ("suspends", "suspended", "suspending", "suspend", "pause"),
    ("halts", "halted", "halting", "halt", "pause"),
    ("freezes", "froze", "freezing", "freeze", "pause"),
    ("holds", "held", "holding", "hold", "pause"),
    ("holds up", "held up", "holding up", "hold up", "pause"),
    ("holds off", "held off", "holding off", "hold off", "pause"),
    ("puts on hold", "put on hold", "putting on hold", "put on hold", "pause"),
    ("delays", "delayed", "delaying", "delay", "pause"),
    ("stops", "stopped", "stopping", "stop", "stop"),
    ("ceases", "ceased", "ceasing", "cease", "stop"),
    ("ends", "ended", "ending", "end", "stop"),
]
WITHHELD = [
    "responses to law-enforcement requests", "its responses to local law enforcement", "replies to police requests",
    "the processing of law-enforcement requests", "processing police requests", "responding to requests for user data",
    "disclosures to law enforcement",
]  # fmt: skip
SAYING = [
    "Microsoft {0} {o}.",
    "Microsoft said it had {1} {o}.",
    "Microsoft said on Tuesday that it was {2} {o}.",
    "Microsoft decided to {3} {o}.",
]


@pytest.mark.parametrize("verb", WITHHOLDING, ids=[row[0] for row in WITHHOLDING])
def test_whatever_is_done_with_requests_can_be_withheld(verb):
    said = [frame.format(*verb, o=withheld) for frame in SAYING for withheld in WITHHELD]
    assert [
        text for text in said if list_positions(TOPIC + text) != {("microsoft", verb[-1], "stated")}
    ] == []


NOUNS = [
    ("pause", "pause"),
    ("suspension", "pause"),
    ("halt", "pause"),
    ("hold", "pause"),
    ("freeze", "pause"),
    ("cessation", "stop"),
]


@pytest.mark.parametrize("noun, code", NOUNS, ids=[row[0] for row in NOUNS])
def test_the_noun_says_what_the_verb_does(noun, code):
    said = [
        f"Microsoft announced a {noun} {of} {o}."
        for of in ("in", "of", "on")
        for o in WITHHELD
        if "ing " not in o[:11]
    ]
    assert [
        text for text in said if list_positions(TOPIC + text) != {("microsoft", code, "stated")}
    ] == []


ATTRIBUTES = [
    ("condition", "Google paused requests until it has read the law.", "condition", "until it has read the law"),
    ("object", "Google paused the review of data requests from the Hong Kong police.", "object", "the review of data requests from the Hong Kong police"),
    ("new only", "Google paused any new data requests.", "scope", "new"),
    ("all", "Google paused data requests.", "scope", "all"),
    ("outlet", "Google told the BBC it had paused data requests.", "via", "bbc"),
    ("announced", "Google said on Monday it had paused data requests.", "announced_on", "2020-07-06"),
    ("effective", "Google has paused data requests since 1 July.", "effective_from", "2020-07-01"),
    ("modality", "Google paused data requests.", "modality", "stated"),
]  # fmt: skip


TELLERS = [
    # (why, text, via: whom the page credits besides the organisation itself)
    ("somebody else", "Microsoft will continue to answer data requests, a consultant said.", {"a consultant"}),
    ("somebody else, to an outlet of the book", "Microsoft will continue to answer data requests, a consultant told the BBC.", {"a consultant", "bbc"}),
    ("to an outlet that the book does not know", "Microsoft will continue to answer data requests, a consultant told the Example Gazette.", {"a consultant"}),
    ("before the claim", "A lawyer said that Twitter would stop processing data requests.", {"A lawyer"}),
    ("a source", "Google has paused data requests, according to a person familiar with the matter.", {"a person familiar with the matter"}),
    ("the authorities", "Twitter has stopped answering data requests, Hong Kong police said.", {"Hong Kong police"}),
    ("another company", "Google said that Facebook had paused data requests.", {"Google"}),
    ("an outlet is named once", "WhatsApp paused data requests, the Wall Street Journal reported.", {"wall_street_journal"}),
    ("so is an agency, which has no speech of its own", "Google has paused data requests, according to Reuters.", {"reuters"}),
    ("its spokesperson is the organisation", "Google has paused data requests, a Google spokesperson told Reuters.", {"reuters"}),
    ("so is who may be its own", "Apple has refused data requests, a spokesman said.", set()),
    ("a statement", "Apple has refused data requests, a statement said.", set()),
    ("a pronoun", "Google has paused data requests, it said.", set()),
    ("the owner's spokesperson", "A spokeswoman for Facebook said WhatsApp is pausing reviews of data requests.", set()),
    ("what the page sets against it is its own", "A lawyer said that Zoom would answer data requests, while Twitter has paused all requests.", set()),
    ("we", "“We have paused data requests,” Jane Doe of Google told Reuters.", {"reuters"}),
    ("Chinese: somebody else", "一名顧問表示，微軟會繼續處理香港政府的資料要求。", {"一名顧問"}),
    ("Chinese: its spokesperson", "谷歌發言人表示，谷歌已暫停處理香港政府的資料要求。", set()),
]  # fmt: skip


@pytest.mark.parametrize("why, text, via", TELLERS, ids=[row[0] for row in TELLERS])
def test_who_tells_of_it_besides_the_organisation_is_credited(why, text, via):
    marks = read((HAN_TOPIC if why.startswith("Chinese") else TOPIC) + text, "positions")[1]
    own = {m.id for m in marks if m.variable == "position" and m.subject != "zoom"}
    assert own and {m.code for m in marks if m.variable == "via" and m.subject in own} == via, why


IN_FORCE = "2020-06-30/2020-07-01"  # the codebook's, where the page does not date the law
TIMES = [
    # (why, text, announced_on, effective_from)
    ("since an event", "Twitter has paused all requests since the law took effect.", "", IN_FORCE),
    ("when it happened", "Google paused data requests when the new security law came into force.", "", IN_FORCE),
    ("as soon as, before the verb", "Google said that as soon as the law took effect it paused data requests.", "", IN_FORCE),
    ("the event has its own day", "Google has paused data requests since the law took effect on 1 July.", "", "2020-07-01"),
    ("another sentence dates the event", "The law took effect on 30 June. Twitter has paused data requests since the law took effect.", "", "2020-06-30"),
    ("right after a day is that day or the next", "The law took effect on 30 June. Twitter paused data requests immediately after the law went into effect.", "", "2020-06-30/2020-07-01"),
    ("some time after is no date", "Twitter paused data requests after the law took effect.", "", ""),
    ("since it was enacted", "Twitter has paused data requests since the law was enacted.", "", "2020-06-30"),
    ("since a week", "Twitter has suspended data requests since last week.", "", "2020-06-29/2020-07-05"),
    ("an act of last week", "Twitter suspended data requests last week.", "", "2020-06-29/2020-07-05"),
    ("said and since", "Twitter said on Monday it had paused data requests since 1 July.", "2020-07-06", "2020-07-01"),
    ("told behind", "“We have decided to stop processing data requests,” a spokesman for TikTok, which belongs to ByteDance, said late on Monday.", "2020-07-06", ""),
    ("a list of days: an act", "1 July Twitter stops answering data requests.", "", "2020-07-01"),
    ("a list of days: a saying", "5 July Telegram refuses to process data requests.", "2020-07-05", ""),
    ("a saying without a verb of saying", "Telegram refused data requests outright on Sunday.", "2020-07-05", ""),
    ("the law's day is not the review's", "Apple said it was still assessing the law, which was enacted on 1 July.", "", ""),
    ("the law's day is not the pause's", "Google paused data requests under the law passed on 30 June.", "", ""),
    ("a period", "Facebook gave data to Hong Kong police in 46% of requests between July and December 2019.", "", ""),
    ("the neighbour's day", "Google paused data requests, while Telegram said on Sunday it was leaving.", "", ""),
    ("the neighbour's day, behind a semicolon", "Google paused data requests; rules were published on Monday.", "", ""),
    ("when the requests came", "Google refused data requests received on 5 July.", "", ""),
    ("until a day is a condition", "Google paused data requests until 1 August.", "", ""),
    ("Chinese: announced", "谷歌周一（7月6日）宣布暫停處理香港政府的資料要求。", "2020-07-06", ""),
    ("Chinese: since a day", "谷歌自7月1日起暫停處理香港政府的資料要求。", "", "2020-07-01"),
    ("Chinese: since last week", "推特上週起暫停處理香港政府的資料要求。", "", "2020-06-29/2020-07-05"),
    ("Chinese: since the law", "國安法生效後，谷歌已暫停處理香港政府的資料要求。", "", IN_FORCE),
    ("Chinese: the neighbour's day", "谷歌已暫停處理香港政府的資料要求；推特則於7月6日宣布退出。", "", ""),
]  # fmt: skip


def test_a_relative_clause_dates_whom_it_follows_and_nobody_else():
    text = "The newcomers follow Facebook and Google, which announced their pauses of data requests on 6 July, and Twitter, whose pause began when the law took effect."
    marks = read(TOPIC + text, "positions")[1]
    who = {m.id: m.subject for m in marks if m.variable == "position" and m.code == "pause"}
    dated = {
        (who[m.subject], m.variable)
        for m in marks
        if m.subject in who and m.variable in ("announced_on", "effective_from")
    }
    assert dated == {
        ("facebook", "announced_on"),
        ("google", "announced_on"),
        ("twitter", "effective_from"),
    }


@pytest.mark.parametrize(
    "unit, why",
    [
        (
            "Google said on Monday it had paused data requests since the law took effect.\n",
            "many sentences",
        ),
        ("Google has not never paused the no requests and will not ", "one long line"),
    ],
)
def test_work_grows_with_the_length_alone(unit, why):
    def measure(n):
        return count_calls(lambda: read(TOPIC + unit * n, "positions"))

    measure(10)
    assert measure(240) < 6 * measure(60), why  # four times the text; a square would be sixteen


@pytest.mark.parametrize("why, text, announced, effective", TIMES, ids=[case[0] for case in TIMES])
def test_times(why, text, announced, effective):
    found = list_attributes(TOPIC + text)
    assert (found.get("announced_on", ""), found.get("effective_from", "")) == (
        announced,
        effective,
    )


@pytest.mark.parametrize(
    "why, text, variable, code", ATTRIBUTES, ids=[case[0] for case in ATTRIBUTES]
)
def test_attribute(why, text, variable, code):
    assert list_attributes(TOPIC + text)[variable] == code


def test_weekday_on_a_page_without_a_date_stays_unknown():
    assert "announced_on" not in list_attributes(
        TOPIC + "Google said on Monday it had paused data requests.", ""
    )


def test_a_company_and_a_wording_are_added_without_python(tmp_path):
    from importlib import resources

    from hkresearch.codebook.book import read_codebook

    text = (resources.files("hkresearch") / "codebook/hong-kong-data-requests.toml").read_text(
        "utf-8"
    )
    text = text.replace(
        "[entities.facebook]",
        '[entities.acme]\nkind = "company"\nlabel = "Acme"\nnames.en = ["Acme"]\n\n[entities.facebook]',
        1,
    )
    text = re.sub(r"(?m)^pause = \[$", 'pause = [\n    "mothball*",', text, count=1)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert list_positions(
        TOPIC + "Acme has mothballed all requests.", book=read_codebook(path)
    ) == {("acme", "pause", "stated")}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [case[1] for case in CASES] + [case[1] for case in NOTHING] + [case[1] for case in HAN]
        ),
        max_size=6,
    )
)
def test_every_annotation_quotes_its_text(texts):
    article, marks = read(TOPIC + "\n".join(texts), "positions")
    assert all(article.text[m.start : m.end] == m.exact for m in marks)
    ids = {m.id for m in marks}
    assert all(m.subject in BOOK.entities or m.subject in ids for m in marks)
    assert marks == read(article.text, "positions")[1]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text):
    read(TOPIC + text, "positions")


@pytest.mark.skipif(
    not (SHARED / "gold/positions.jsonl").exists(),
    reason="the five real pages are not beside the repository",
)
def test_real_pages_against_the_hand_coding():
    from hkresearch.clean import clean_article
    from hkresearch.pages.register import read_articles
    from hkresearch.structure import structure_article

    gold = [
        json.loads(line)
        for line in (SHARED / "gold/positions.jsonl").read_text("utf-8").splitlines()
    ]
    wanted = {
        (g["article_id"], g["organisation"], g["modality"], tuple(g["accept"]))
        for g in gold
        if not g["neutral"]
    }
    found = set()
    for article in read_articles(SHARED / "articles"):
        marks = structure_article(article, clean_article(article, BOOK), BOOK)
        modality = {m.subject: m.code for m in marks if m.variable == "modality"}
        found |= {
            (article.id, m.subject, m.code, modality[m.id])
            for m in marks
            if m.variable == "position"
        }
    hit = {w for w in wanted if any((w[0], w[1], code, w[2]) in found for code in w[3])}
    assert len(hit) >= 0.95 * len(wanted)
    good = {
        f
        for f in found
        if any(f[0] == w[0] and f[1] == w[1] and f[3] == w[2] and f[2] in w[3] for w in wanted)
    }
    assert len(good) >= 0.95 * len(found)

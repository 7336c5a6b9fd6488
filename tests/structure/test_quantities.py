"""Figures and facts: value, unit, period and whom they concern; numbers that mean nothing here stay alone."""

import pytest

from support.coded_texts import BOOK, TOPIC, list_quantities, read
from support.paths import SHARED

HALF = "2019-07-01/2019-12-31"
CASES = [
    # (why, text, expected)
    ("requests, accounts and share", "In its report for July to December 2019, Facebook said it received 241 requests on 257 accounts from Hong Kong authorities and gave some data in 46% of these cases.",
     {("facebook", "requests", "241", "request", HALF), ("facebook", "accounts", "257", "account", HALF), ("facebook", "share_complied", "46", "percent", HALF)}),
    ("requests answered", "Google complied with three of the 43 requests it received from the Hong Kong police in the second half of 2019.",
     {("google", "complied", "3", "request", HALF), ("google", "requests", "43", "request", HALF)}),
    ("two currencies and a term", "Service providers who do not obey face a maximum fine of $12,903 ($100,000 Hong Kong dollars) and six months' imprisonment.",
     {("service_provider", "maximum_fine", "12903", "USD", ""), ("service_provider", "maximum_fine", "100000", "HKD", ""), ("service_provider", "prison_term", "6", "month", "")}),
    ("currency before", "Service providers risk a fine of HK$100,000 (US$12,903).",
     {("service_provider", "maximum_fine", "100000", "HKD", ""), ("service_provider", "maximum_fine", "12903", "USD", "")}),
    ("addressee in the sentence before", "Police may ask the publisher or host to remove messages. Failure to do so brings a year in jail.",
     {("publisher", "prison_term", "1", "year", ""), ("host", "prison_term", "1", "year", "")}),
    ("a scale", "Service providers can be fined HK$0.1 million.", {("service_provider", "maximum_fine", "100000", "HKD", "")}),
    ("a number in words", "Twitter got two requests from the Hong Kong police.", {("twitter", "requests", "2", "request", "")}),
    ("per cent in words", "Apple gave data to Hong Kong in 91 per cent of cases.", {("apple", "share_complied", "91", "percent", "")}),
    ("categories", "The national security law names four categories of secession, subversion and terrorism.", {("security_law", "offence_categories", "4", "category", "")}),
    ("an anniversary", "It was the 23rd anniversary of the handover of Hong Kong.", {("hong_kong", "years_since_handover", "23", "year", "")}),
    ("Chinese digits", "根據香港條例，服務供應商可被罰款10萬港元及監禁6個月。", {("service_provider", "maximum_fine", "100000", "HKD", ""), ("service_provider", "prison_term", "6", "month", "")}),
    ("a time ago is no term", "Hong Kong's law, passed a week ago, has prison for service providers that refuse.", set()),
    ("Chinese numerals", "香港的服務供應商可被罰款十萬港元及監禁六個月。", {("service_provider", "maximum_fine", "100000", "HKD", ""), ("service_provider", "prison_term", "6", "month", "")}),
    ("Chinese digits and a space", "根據香港條例，服務供應商可被罰款 10 萬港元。", {("service_provider", "maximum_fine", "100000", "HKD", "")}),
    ("more than a scale", "根據香港條例，服務供應商可被罰款10多萬港元。", set()),
    ("two addressees, two terms", "根據香港條例，服務供應商可被監禁六個月；發布訊息的人則可被監禁一年。",
     {("service_provider", "prison_term", "6", "month", ""), ("publisher", "prison_term", "1", "year", "")}),
    ("two addressees of one sentence", "A service provider in Hong Kong faces six months in prison, while the person who posted the message faces a year in prison.",
     {("service_provider", "prison_term", "6", "month", ""), ("publisher", "prison_term", "1", "year", "")}),
    ("the same fine, and a term that goes on", "A Hong Kong service provider faces a fine of HK$100,000 and six months in prison. The person who posted the message faces the same fine and up to a year.",
     {(who, "maximum_fine", "100000", "HKD", "") for who in ("service_provider", "publisher")} | {("service_provider", "prison_term", "6", "month", ""), ("publisher", "prison_term", "1", "year", "")}),
    ("whoever posts", "Whoever posts such a message in Hong Kong may be jailed for a year.", {("publisher", "prison_term", "1", "year", "")}),
    ("a year of something else", "The service provider came to Hong Kong a year ago.", set()),
    ("Chinese requests", "2019年下半年，臉書收到香港當局241宗請求。", {("facebook", "requests", "241", "request", HALF)}),
    ("a clock time", "14:57 - Facebook received requests from Hong Kong.", set()),
    ("a share counter", "0 105\nFacebook received requests from Hong Kong.", set()),
    ("an identifier", "C4067174-3DD9-4B9E-AD64-284FDAAE6338@1x requests Hong Kong", set()),
    ("a year", "In 2019 Facebook received requests from the Hong Kong police.", set()),
    ("another country", "Facebook received 35,000 requests from Indian authorities.", set()),
    ("removals are no data requests", "The Hong Kong government sent Google 18 requests to remove content.", set()),
    ("of two numbers the one for data", "Twitter had 11 removal requests and 25 requests for user data from the Hong Kong police.", {("twitter", "requests", "25", "request", "")}),
    ("the other place's number stands first", "Discord received 5,000 requests for user data from the United States government and 9 from the Hong Kong police.", {("discord", "requests", "9", "request", "")}),
    ("all places together", "Of 70,000 requests for user data that Microsoft received worldwide, 33 came from the Hong Kong police.", {("microsoft", "requests", "33", "request", "")}),
    ("an answered part", "Slack received 20 requests for user data from the Hong Kong police and complied with 7 of them, or 35 percent.",
     {("slack", "requests", "20", "request", ""), ("slack", "complied", "7", "request", ""), ("slack", "share_complied", "35", "percent", "")}),
    ("so many times", "The Hong Kong government requested user data from Google 105 times.", {("google", "requests", "105", "request", "")}),
    ("staff are no accounts", "Slack, which has 400 people in Asia, answers requests for user data from the Hong Kong police.", set()),
    ("a refused share", "Google did not comply with 62 percent of the requests for user data from the Hong Kong police.", set()),
    ("each year its own", "Apple received 20 requests for user data from Hong Kong in 2019 and 14 in 2020.", {("apple", "requests", "20", "request", "2019-01-01/2019-12-31")}),
    ("suspended accounts", "Twitter suspended 1,000 accounts and got 12 requests for user data from the Hong Kong police.", {("twitter", "requests", "12", "request", "")}),
    ("posts are counted, not requests", "Twitter took down 12 posts after requests from the Hong Kong government.", set()),
    ("Chinese removals", "香港政府在2020年上半年向谷歌提出21項移除內容的要求。", set()),
    ("Chinese places", "2019年，臉書收到美國政府5000項要求，香港政府9項要求。", {("facebook", "requests", "9", "request", "2019-01-01/2019-12-31")}),
    ("those who post are another part", "Providers that refuse in Hong Kong can be fined up to HK$100,000 and jailed for six months, while those who post the message face a year in jail.",
     {("service_provider", "maximum_fine", "100000", "HKD", ""), ("service_provider", "prison_term", "6", "month", ""), ("publisher", "prison_term", "1", "year", "")}),
    ("and those who post", "Providers in Hong Kong can be jailed for six months, and those who post the message can be jailed for a year.",
     {("service_provider", "prison_term", "6", "month", ""), ("publisher", "prison_term", "1", "year", "")}),
    ("a similar fine is not the same", "A service provider in Hong Kong faces a fine of HK$100,000. Those who post the message face a similar fine.",
     {("service_provider", "maximum_fine", "100000", "HKD", "")}),
    ("somebody else's term", "A protester in Hong Kong was jailed for 12 months; service providers were not asked.", set()),
    ("the term of another offence", "Under the Hong Kong law the maximum penalty for secession is life in prison and the minimum 10 years, and platforms must obey.", set()),
    ("an addressee behind its fine", "The Hong Kong rules set a fine of HK$100,000 for service providers.", {("service_provider", "maximum_fine", "100000", "HKD", "")}),
    ("companies are no addressee", "Companies in Hong Kong risk a fine of HK$100,000, and the publisher must delete the message.", set()),
    ("a Chinese part of its own", "服務供應商不遵從可罰款10萬港元，香港發布者則可判監一年。",
     {("service_provider", "maximum_fine", "100000", "HKD", ""), ("publisher", "prison_term", "1", "year", "")}),
    ("a period that is not understood", "Facebook got 241 requests for user data from Hong Kong in the second half of 2019. In the six months that followed it received 202 requests from the Hong Kong police.",
     {("facebook", "requests", "241", "request", HALF), ("facebook", "requests", "202", "request", "")}),
    ("no reply in days", "The law lets Hong Kong police act within 24 hours and service providers have 7 days to reply.", set()),
    ("other places' figures in one list", "Facebook got 241 requests for user data from Hong Kong, 1,000 from Taiwan and 3,000 from Singapore.", {("facebook", "requests", "241", "request", "")}),
    ("requests of another kind", "Apple said that Hong Kong sent it 358 requests about devices and 12 requests for user data.", {("apple", "requests", "12", "request", "")}),
    ("an emergency request", "Google had 7 requests for user data and one request for emergency disclosure from the Hong Kong police.", {("google", "requests", "7", "request", "")}),
    ("a part of Chinese requests", "香港政府向谷歌提出43次索取用戶資料的要求，其中3次獲得資料，其餘40次則未配合。", {("google", "requests", "43", "request", "")}),
    ("Chinese messages", "香港警方指，臉書有逾700則違規訊息，當局要求刪除用戶資料。", set()),
    ("an anniversary of something else", "It was the 23rd birthday of the founder.", set()),
]  # fmt: skip
FACTS = [
    ("seat before", "Dubai-based Telegram spoke.", {("telegram", "seat", "dubai")}),
    ("seat behind", "Telegram, which is headquartered in London, spoke.", {("telegram", "seat", "london")}),
    ("seat, with a description", "London-based chatting application Telegram spoke.", {("telegram", "seat", "london")}),
    ("owner before", "Google-owned YouTube spoke.", {("youtube", "owner", "google")}),
    ("owner behind", "LinkedIn, owned by Microsoft, spoke.", {("linkedin", "owner", "microsoft")}),
    ("the law's day", "The national security law took effect on 30 June.", {("security_law", "in_force_on", "2020-06-30")}),
    ("the law's day, counted from an event", "The national security law was put into effect and made public on the eve of the 23rd anniversary of the handover.", {("security_law", "in_force_on", "2020-06-30")}),
    ("offences", "The security law criminalises secession, subversion, terrorism and collusion with foreign powers.",
     {("security_law", "offence", c) for c in ("secession", "subversion", "terrorism", "collusion")}),
    ("a power", "Police would be given new powers to have platforms remove messages.", {("local_authorities", "power", "remove_content")}),
    ("a duty", "The law requires authorities to supervise the internet.", {("local_authorities", "duty", "supervise_internet")}),
    ("first", "Telegram was the first to announce that it would not answer.", {("telegram", "first_to_announce", "first")}),
    ("customers are no seat", "Apple has a large customer base in mainland China.", set()),
    ("passed is not in force", "China's parliament passed the law on 30 June.", {("security_law", "enacted_on", "2020-06-30")}),
    ("two days, each its own", "The law was passed on 30 June and took effect on 1 July.", {("security_law", "enacted_on", "2020-06-30"), ("security_law", "in_force_on", "2020-07-01")}),
    ("that day", "China passed the law on 30 June, and it came into force an hour before midnight that day.", {("security_law", "enacted_on", "2020-06-30"), ("security_law", "in_force_on", "2020-06-30")}),
    ("another clause's day", "Google announced its pause on 6 July, and Twitter, whose pause began when the law took effect, was silent.", set()),
    ("the rules are not the law", "The rules for Article 43 of the law have been in force since 7 July.", {("implementation_rules", "in_force_on", "2020-07-07")}),
    ("passed, in Chinese", "香港：全國人大常委會於6月30日通過《國安法》。", {("security_law", "enacted_on", "2020-06-30")}),
    ("in force, in Chinese", "香港《國安法》於7月1日實施。", {("security_law", "in_force_on", "2020-07-01")}),
    ("a day without a page's date", "The security law took effect last week.", set()),
    ("a list", "Twitter, YouTube and Signal have for years been blocked in mainland China.", {(who, "blocked_in", "mainland_china") for who in ("twitter", "youtube", "signal")}),
    ("a ban that is weighed", "Washington is looking at a ban under which TikTok is blocked in the United States.", set()),
    ("a ban that is studied", "香港當局研究封鎖Telegram。", set()),
    ("they all", "Telegram and Signal are popular. In mainland China they are all blocked.", {(who, "blocked_in", "mainland_china") for who in ("telegram", "signal")}),
    ("who blocks", "China has long blocked Twitter and Reddit.", {(who, "blocked_in", "mainland_china") for who in ("twitter", "reddit")}),
    ("not blocked", "LinkedIn is not blocked in mainland China.", set()),
    ("neither", "Neither Telegram nor Signal is blocked in mainland China.", set()),
    ("feared", "Telegram fears that it could be blocked in Hong Kong.", set()),
    ("the service, not its owner", "Microsoft's LinkedIn was blocked in mainland China for a day.", {("linkedin", "blocked_in", "mainland_china")}),
    ("another's words", "Facebook says that Microsoft owns LinkedIn.", {("linkedin", "owner", "microsoft")}),
    ("belongs to", "Skype, which belongs to Microsoft, spoke.", {("skype", "owner", "microsoft")}),
    ("users are no seat", "Telegram users in London spoke.", set()),
    ("another's seat", "The London-based group accused Telegram of nothing.", set()),
    ("no longer free", "Facebook no longer operates freely in Hong Kong.", set()),
    ("a Chinese list", "臉書、推特及YouTube在中國大陸均被封鎖。", {(who, "blocked_in", "mainland_china") for who in ("facebook", "twitter", "youtube")}),
    ("a Chinese owner", "微軟旗下的領英在中國大陸被封鎖。", {("linkedin", "blocked_in", "mainland_china"), ("linkedin", "owner", "microsoft")}),
    ("one offence is a word of the story", "Some call this subversion of the law.", set()),
]  # fmt: skip


@pytest.mark.parametrize("why, text, expected", CASES, ids=[case[0] for case in CASES])
def test_quantity(why, text, expected):
    assert list_quantities(TOPIC + text) == expected


BOUNDS = [
    ("Facebook received more than 200 requests for user data from the Hong Kong police.", "more"),
    ("Facebook received at least 200 requests for user data from the Hong Kong police.", "more"),
    ("Google got fewer than 50 requests for user data from the Hong Kong police.", "fewer"),
    ("Twitter got about 30 requests for user data from the Hong Kong police.", "about"),
    ("Twitter got 30 requests for user data from the Hong Kong police.", ""),
    ("The national security law puts secession and subversion under four categories.", ""),
    ("Twitter got over the weekend 30 requests for user data from the Hong Kong police.", ""),
    ("香港警方向臉書提出超過200項索取用戶資料的要求。", "more"),
    ("臉書收到香港政府約200宗索取用戶資料的請求。", "about"),
    ("臉書收到香港政府200多宗索取用戶資料的請求。", "more"),
]


@pytest.mark.parametrize("text, expected", BOUNDS)
def test_a_figure_that_is_not_exact_says_so(text, expected):
    marks = read(TOPIC + text, "quantities", "")[1]
    assert [mark.code for mark in marks if mark.variable == "bound"] == [expected] * bool(expected)


@pytest.mark.parametrize("why, text, expected", FACTS, ids=[case[0] for case in FACTS])
def test_fact(why, text, expected):
    marks = read(TOPIC + text, "facts", "")[1]
    assert {(m.subject, m.variable, m.code) for m in marks} - {("hong_kong", "x", "")} == expected


ARTICLES = SHARED / "articles"
REAL = {
    ("001", "service_provider", "maximum_fine", "12903", "USD", ""),
    ("001", "service_provider", "maximum_fine", "100000", "HKD", ""),
    ("001", "service_provider", "prison_term", "6", "month", ""),
    *(
        ("002", role, "prison_term", "1", "year", "")
        for role in ("service_provider", "publisher", "platform", "host")
    ),
    ("002", "facebook", "requests", "241", "request", HALF),
    ("002", "facebook", "accounts", "257", "account", HALF),
    ("002", "facebook", "share_complied", "46", "percent", HALF),
    ("000", "security_law", "offence_categories", "4", "category", ""),
    ("000", "hong_kong", "years_since_handover", "23", "year", ""),
    ("003", "hong_kong", "years_since_handover", "23", "year", ""),
}
REAL_FACTS = {
    ("000", "telegram", "seat", "dubai"), ("002", "telegram", "seat", "london"), ("004", "telegram", "seat", "london"),
    ("000", "security_law", "in_force_on", "2020-06-30"), ("002", "security_law", "enacted_on", "2020-07-01"),
    *((page, "security_law", "offence", c) for page in ("000", "002") for c in ("secession", "subversion", "terrorism", "collusion")),
    ("000", "local_authorities", "duty", "supervise_internet"), ("001", "local_authorities", "power", "remove_content"),
    ("002", "local_authorities", "power", "remove_content"), ("002", "local_authorities", "power", "prosecute"),
}  # fmt: skip


@pytest.mark.skipif(
    not ARTICLES.exists(), reason="the five real pages are not beside the repository"
)
def test_real_pages_give_exactly_the_hand_coded_figures_and_the_facts():
    from hkresearch.clean import clean_article
    from hkresearch.pages.register import read_articles
    from hkresearch.structure import structure_article

    figures, facts = set(), set()
    for article in read_articles(ARTICLES):
        marks = structure_article(article, clean_article(article, BOOK), BOOK)
        of = {}
        for m in marks:
            of.setdefault(m.subject, {})[m.variable] = m.code
        figures |= {
            (article.id[:3], m.subject, m.variable, m.code, of[m.id]["unit"], of[m.id]["period"])
            for m in marks
            if m.coder == "quantities/1" and m.subject in BOOK.entities
        }
        facts |= {
            (article.id[:3], m.subject, m.variable, m.code) for m in marks if m.coder == "facts/1"
        }
    assert figures == REAL
    assert facts >= REAL_FACTS

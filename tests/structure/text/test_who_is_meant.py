"""Who a pronoun, a description or a resumed clause means: one row per way of saying it, most with a counterpart."""

import re

import pytest

from support.coded_texts import TOPIC, list_positions, read

HAN_TOPIC = "香港政府不時要求網上平台交出用戶資料，以調查案件。\n"
MARKED = re.compile(r"\{([^{}]+)\}")

# (why, text with the reference in braces, whom it stands for: "" for nobody)
REFERENCES = [
    # What an insertion names is not who goes on behind it.
    ("behind a restrictive clause of an apposition", "LinkedIn, the career network that belongs to Microsoft, said {it} would.", "linkedin"),
    ("behind a clause that names those owned", "Microsoft, whose holdings include LinkedIn and GitHub, said {it} was pausing.", "microsoft"),
    ("behind a clause that names a customer", "Slack, which Dropbox uses, said {it} was waiting.", "slack"),
    ("behind a clause that names a rival", "Signal, which competes with Telegram, said {it} had nothing.", "signal"),
    ("behind an owned-by insertion", "GitHub, owned by Microsoft, said {it} had no plans.", "github"),
    ("behind a possessive apposition", "YouTube, Google's video arm, said {it} was reading the law.", "youtube"),
    ("behind an apposition with of", "Skype, a product of Microsoft, said {it} would leave.", "skype"),
    ("behind brackets", "Instagram (a part of Facebook since 2012) said {it} would wait.", "instagram"),
    ("behind dashes", "Viber – a rival of WhatsApp and Telegram – said {it} had no office there.", "viber"),
    ("behind two insertions", "Pinterest, a San Francisco company, which competes with Snap, said {it} was silent.", "pinterest"),
    ("behind a founder's clause", "Signal, which was founded by a man who sold WhatsApp to Facebook, said {it} keeps nothing.", "signal"),
    ("inside the clause it is the head's", "Slack, which said {it} would wait, competes with Microsoft.", "slack"),
    ("behind a participle", "Discord, competing with Slack for users, said {it} would wait.", "discord"),
    ("behind a unit of", "LinkedIn, a unit of Microsoft Corp, said {it} would wait.", "linkedin"),
    ("behind like", "Dropbox, like Slack and GitHub, said {it} would wait.", "dropbox"),
    ("behind unlike", "Netflix, unlike Amazon, said {it} had received nothing.", "netflix"),
    ("the company behind a clause", "Reddit, which is partly owned by Tencent, said the requests were few and {the company} would publish them.", "reddit"),
    ("no insertion: the nearest subject", "Slack paused, and Discord said {it} would too.", "discord"),
    ("an object is none", "Slack told Microsoft that {it} would wait.", "slack"),
    ("a clause at the end: next sentence", "Slack sued Microsoft, which owns LinkedIn. {It} wants damages.", "slack"),
    ("an apposition at the end: next sentence", "Signal was praised by Snowden, a user of Telegram and WhatsApp. {It} keeps nothing.", "signal"),
    ("an insertion, then the next sentence", "TikTok, which belongs to ByteDance, left. {The company} gave no date.", "tiktok"),
    ("a whose clause, then the next sentence", "Microsoft, whose services include LinkedIn and Skype, paused. {It} gave no date.", "microsoft"),
    # Lists.
    ("it behind together with", "Dropbox, together with Slack and Discord, paused. {It} gave no date.", "dropbox"),
    ("it behind along with", "The rule bites. Dropbox, along with Slack, Discord and others, said that {it} was pausing.", "dropbox"),
    ("it behind as well as", "Dropbox, as well as Slack, paused. {It} gave no date.", "dropbox"),
    ("it behind a list without head", "Dropbox, Slack and Discord paused. {It} gave no date.", ""),
    ("the company behind a list without head", "Dropbox and Slack paused. {The company} gave no date.", ""),
    ("it in the same sentence behind a list", "Dropbox and Slack paused, saying {it} was prudent.", ""),
    ("they behind a list", "Dropbox and Slack paused. {They} gave no date.", "dropbox slack"),
    ("they behind a list with an owner's possessive", "Dropbox Inc, Microsoft Corp's GitHub and Slack Technologies said {they} had paused.", "dropbox github slack"),
    ("they behind brackets in a list", "Facebook (with WhatsApp and Instagram), Slack and Twitter said {they} had paused.", "facebook whatsapp instagram slack twitter"),
    ("they behind a list with appositions", "Slack, the office chat, and Zoom said {they} had paused.", "slack zoom"),
    # Numbers.
    ("the two companies in their own sentence", "At Slack, owned by nobody, and at Discord, {the two companies} said, all was quiet.", "slack discord"),
    ("the companies in their own sentence", "Facebook paused. At Slack, and at Discord, {the companies} said, all was quiet.", "slack discord"),
    ("the two companies", "Slack and Discord paused. {The two companies} gave no date.", "slack discord"),
    ("the three companies behind a list of two", "Slack and Discord paused. {The three companies} gave no date.", ""),
    ("the three companies", "Slack, Zoom and Discord paused. {The three companies} gave no date.", "slack zoom discord"),
    ("the two companies behind a list of three", "Slack, Zoom and Discord paused. {The two companies} gave no date.", ""),
    ("the companies behind one company", "Slack paused. {The companies} gave no date.", ""),
    ("both behind a list of three", "Slack, Zoom and Discord paused. {Both} gave no date.", ""),
    ("both in their own sentence", "Slack told us, and Discord told us, that {both} were waiting.", "slack discord"),
    ("all three", "Slack, Zoom and Discord paused. {All three} gave no date.", "slack zoom discord"),
    # Who speaks.
    ("a spokesman behind a clause", "TikTok, which belongs to ByteDance, left. {A company spokesman} gave no date.", "tiktok"),
    ("we on nobody's page", "Zoom paused. {We} asked it why.", ""),
    # Chinese.
    ("兩家公司 behind a list of three", "微軟、Zoom及推特跟隨。{兩家公司}未有交代。", ""),
    ("三家公司 behind a list of two", "微軟及Zoom跟隨。{三家公司}未有交代。", ""),
    ("兩家公司 of two subjects", "微軟跟隨，Zoom亦然，{兩家公司}未有交代。", "microsoft zoom"),
    ("two other companies", "微軟及Zoom跟隨。另{兩家公司}未有交代。", ""),
    ("該公司 behind several in the background", "微軟周二宣布暫停。此前，谷歌等公司已暫停。{該公司}未有交代。", "microsoft"),
    ("该公司 behind a list in the background", "微软周二宣布暂停。早前，谷歌和推特也已暂停。{该公司}未有交代。", "microsoft"),
    ("該公司 behind one in the background is not sure", "微軟周二宣布暫停。早前，谷歌曾經拒絕。{該公司}未有交代。", ""),
    ("該公司 behind the same in the background", "微軟周二宣布暫停。早前，微軟曾經拒絕。{該公司}未有交代。", "microsoft"),
    ("該公司 behind a background alone", "此前，谷歌已暫停。{該公司}未有交代。", "google"),
    ("該發言人 is of whom one spoke", "微軟一名發言人周二表示會暫停。此前，谷歌等公司已暫停。該{發言人}未有交代。", "microsoft"),
    ("该发言人 behind an owner", "微软旗下领英的一名发言人周二表示会暂停。此前，谷歌已暂停。该{发言人}未有交代。", "linkedin"),
    ("该发言人 is the last one", "微软发言人表示会暂停。谷歌发言人表示不会。该{发言人}未有交代。", "google"),
    ("兩家公司 in its own sentence", "Slack與Discord指，{兩家公司}均未收到要求。", "slack discord"),
    ("兩家公司 behind a list with a third elsewhere", "Telegram早前拒絕要求。微軟（Microsoft）與視訊會議業者Zoom跟隨。{兩家公司}未有交代。", "microsoft zoom"),
    ("三家公司", "微軟、Zoom及推特跟隨。{三家公司}未有交代。", "microsoft zoom twitter"),
    ("該公司 behind its own sentence", "微軟周二宣布暫停。谷歌周三宣布暫停。{該公司}未有交代。", "google"),
]  # fmt: skip


@pytest.mark.parametrize("why, text, whom", REFERENCES, ids=[row[0] for row in REFERENCES])
def test_a_reference_stands_for_whom_the_reader_takes_it(why, text, whom):
    start = text.index("{")
    words = MARKED.search(text)[1]
    article, mentions = read(MARKED.sub(r"\1", text), "mentions")
    found = [
        m.entity
        for m in mentions
        if m.kind == "reference" and m.start < start + len(words) and start < m.end
    ]
    assert sorted(found) == sorted(whom.split()), why


# (why, text, the positions that it states)
POSITIONS = [
    ("behind a restrictive clause", "LinkedIn, the career network that belongs to Microsoft, said it would leave Hong Kong.", "linkedin exit"),
    ("behind those owned", "Microsoft, whose holdings include LinkedIn and GitHub, said on Monday that it had suspended police requests for user data.", "microsoft pause"),
    ("behind those owned, without a pronoun", "Microsoft, which owns LinkedIn, Skype and GitHub, has paused requests for user data.", "microsoft pause"),
    ("behind a customer", "Slack, which Dropbox uses, has paused requests for user data.", "slack pause"),
    ("behind rivals", "Signal, which competes with Telegram and Viber, refuses to hand over user data.", "signal refuse"),
    ("behind an owner", "GitHub, owned by Microsoft, has paused police requests for user data.", "github pause"),
    ("behind brackets", "Slack (used by Dropbox and Netflix) said it had paused requests for user data.", "slack pause"),
    ("behind dashes", "Viber – a rival of WhatsApp and Telegram – said it had paused requests for user data.", "viber pause"),
    ("behind one clause inside another", "Signal, which was founded by a man who sold WhatsApp to Facebook, said it would not hand over user data.", "signal refuse"),
    ("behind the owner's own clause", "TikTok, whose owner ByteDance is Chinese, said it would pull out of Hong Kong.", "tiktok exit"),
    ("behind a product of somebody", "Skype, a Microsoft product, said it was suspending requests for user data.", "skype pause"),
    ("behind a product of somebody, without a pronoun", "Skype, a Microsoft product, has paused requests for user data.", "skype pause"),
    ("behind somebody's rival", "Discord, Slack's rival, has paused requests for user data.", "discord pause"),
    ("behind unlike", "Netflix, unlike Amazon, said it had paused requests for user data.", "netflix pause"),
    ("a list with forms of companies", "Dropbox Inc, Microsoft Corp's GitHub and Slack Technologies said on Monday that they had suspended requests for user data.", "dropbox pause, github pause, slack pause"),
    ("a list with an owner in its middle", "Amazon.com Inc, Alphabet Inc's YouTube and Zoom Inc have paused requests for user data.", "amazon pause, youtube pause, zoom pause"),
    ("a list with two owners", "Zoom Inc, Facebook Inc's WhatsApp, Microsoft Corp's LinkedIn and Twitter Inc have paused requests for user data.", "zoom pause, whatsapp pause, linkedin pause, twitter pause"),
    ("an owner that is the organisation itself", "Zoom Inc, Alphabet Inc's Google and Slack have paused requests for user data.", "zoom pause, google pause, slack pause"),
    ("a list with brackets", "Microsoft (with LinkedIn and Skype), Slack and Zoom have all paused requests for user data.", "microsoft pause, linkedin pause, skype pause, slack pause, zoom pause"),
    ("a list with an apposition", "Slack, the office chat, and Zoom have paused requests for user data.", "slack pause, zoom pause"),
    ("a list with one owned in an apposition", "Facebook, the parent of WhatsApp, and Zoom have paused requests for user data.", "facebook pause, zoom pause"),
    ("a list with those owned in a clause", "Facebook, which owns WhatsApp and Instagram, and Twitter have paused requests for user data.", "facebook pause, twitter pause"),
    ("an apposition before a member", "Facebook, the chat app Telegram, and Twitter have paused requests for user data.", "facebook pause, telegram pause, twitter pause"),
    ("an apposition, then its unit", "Microsoft, the software giant, and its unit LinkedIn have paused requests for user data.", "microsoft pause, linkedin pause"),
    ("an owner in an apposition", "Viber, owned by Japan's Rakuten, and LINE have paused requests for user data.", "viber pause, line pause"),
    ("it behind a list without head", "Dropbox and Slack met. It has paused requests for user data.", ""),
    ("the company behind a list without head", "Dropbox and Slack have paused requests for user data. The company will leave Hong Kong.", "dropbox pause, slack pause"),
    ("the companies of their own sentence", "Facebook met. At Slack, a unit of nobody, and at Discord, the companies said, requests for user data had been suspended.", "slack pause, discord pause"),
    ("two of three are nobody", "Slack, Zoom and Discord met. The two companies have suspended requests for user data.", ""),
    ("two of two", "Slack and Discord met. The two firms have suspended requests for user data.", "slack pause, discord pause"),
    ("three of two are nobody", "Slack and Discord met. The three firms have suspended requests for user data.", ""),
    ("said on a service", "Signal在臉書撰文，稱從未向香港警方交出用戶資料。", "signal never_complied"),
    ("behind several in the background", "微軟周二宣布暫停處理香港政府的資料要求。此前，谷歌等公司也已暫停處理香港政府的資料要求。該公司表示，將退出香港市場。", "microsoft pause, microsoft exit, google pause"),
    ("a spokesman behind a background", "微軟旗下領英的一名發言人周二發表聲明。此前，臉書等公司已暫停處理香港政府索取用戶資料的要求。\n該發言人說：「我們決定停止在香港的營運。」", "facebook pause, linkedin exit"),
    ("兩家公司 of three are nobody", "微軟、Zoom及推特發表聲明。兩家公司均暫停處理香港政府索取用戶資料的要求。", ""),
    ("did so behind another topic", "Google paused requests for user data. Facebook hid posts 394 times. Twitter did so 12 times.", "google pause"),
    ("did so is a figure", "Google paused requests for user data. Twitter did so 12 times last year.", "google pause"),
    ("did so in a past year", "Google paused requests for user data. In 2019 it hid posts. Twitter did so in 2019.", "google pause"),
    ("did so twice", "Google paused requests for user data. Twitter did so twice.", "google pause"),
    ("did the same behind another sentence", "Google paused requests for user data. The weather was fine. Twitter did the same.", "google pause"),
    ("did the same right behind", "Google paused requests for user data. Twitter did the same last week.", "google pause, twitter pause"),
    ("did the same in its own sentence", "Google paused requests for user data, and Twitter did the same.", "google pause, twitter pause"),
    ("did the same twice over", "Google paused requests for user data. Twitter did so too. Zoom did the same.", "google pause, twitter pause, zoom pause"),
    ("did so behind another code", "Google paused requests for user data. Apple gave data in 40 per cent of cases. Twitter did so in 50 per cent.", "google pause, apple comply"),
    ("followed suit behind another sentence", "Google paused requests for user data. Slack is small. Twitter followed suit.", "google pause, twitter pause"),
    ("亦這樣做 behind another sentence", "谷歌已暫停處理香港政府的資料要求。天氣很好。推特亦這樣做。", "google pause"),
    ("亦這樣做 right behind", "谷歌已暫停處理香港政府的資料要求。推特亦這樣做。", "google pause, twitter pause"),
]  # fmt: skip


@pytest.mark.parametrize("why, text, expected", POSITIONS, ids=[row[0] for row in POSITIONS])
def test_an_act_is_whose_the_sentence_makes_it(why, text, expected):
    topic = HAN_TOPIC if re.search("[\u4e00-\u9fff]", text) else TOPIC
    found = {f"{who} {code}" for who, code, _ in list_positions(topic + text)}
    assert found == set(filter(None, expected.split(", "))), why

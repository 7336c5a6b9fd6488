"""One sentence after another in words that the rules were not written for, and what each says.

Rows without a position say what others ask, fear or require, or are about something else.
"""

import re

import pytest

from support.coded_texts import list_positions

TOPIC = (
    "The security law for Hong Kong took effect on Tuesday. Police there send technology companies "
    "requests for user data.\n\n"
)
HAN_TOPIC = "香港國安法生效後,科技公司怎樣處理警方索取用戶資料的要求?\n\n"
# (sentence, its positions: "organisation code", with the modality where it is not stated)
SENTENCES = [
    (
        "Facebook and Google have put the brakes on police requests for user data.",
        "facebook pause, google pause",
    ),
    ("Facebook is taking a break from processing Hong Kong data requests.", "facebook pause"),
    ("Zoom pressed pause on requests from the Hong Kong government.", "zoom pause"),
    ("Google hit pause on its dealings with the Hong Kong police.", "google pause"),
    (
        "LinkedIn has a freeze on requests for user information from Hong Kong law enforcement.",
        "linkedin pause",
    ),
    ("Responses to the Hong Kong police have been suspended by Microsoft.", "microsoft pause"),
    (
        "Facebook's suspension of reviews of Hong Kong data requests remains in force.",
        "facebook pause",
    ),
    (
        "Facebook and Twitter announced that they were suspending the production of user data to the authorities in Hong Kong.",
        "facebook pause, twitter pause",
    ),
    (
        "Google suspended the production of data for the Hong Kong government in July.",
        "google pause",
    ),
    ("Telegram temporarily won't be handing user data to Hong Kong's courts.", "telegram pause"),
    (
        "Twitter told reporters that all information requests from the Hong Kong authorities had been paused immediately.",
        "twitter pause",
    ),
    (
        "Effective immediately, Google has paused production on any new data requests from Hong Kong authorities.",
        "google pause",
    ),
    (
        "The list of companies that have suspended data requests from Hong Kong now includes Microsoft and Zoom.",
        "microsoft pause, zoom pause",
    ),
    (
        "The moratorium on police requests, which Facebook and Google announced a week ago, remains in place.",
        "facebook pause, google pause",
    ),
    (
        "Zoom became the latest company to suspend the processing of data requests from Hong Kong.",
        "zoom pause",
    ),
    (
        "LinkedIn joined the companies that have suspended the handling of Hong Kong data requests.",
        "linkedin pause",
    ),
    ("Requests for user data from the Hong Kong police are on hold at Facebook.", "facebook pause"),
    (
        "At Facebook, requests for user data from the Hong Kong police are on hold.",
        "facebook pause",
    ),
    (
        "A Google spokesperson said reviews of Hong Kong government data requests were paused until further notice.",
        "google pause",
    ),
    ("Twitter, too, is sitting out requests from the Hong Kong police for now.", "twitter pause"),
    ("Facebook will not give the Hong Kong police so much as a phone number.", "facebook refuse"),
    (
        "Telegram said it would not entertain data requests concerning its Hong Kong users.",
        "telegram refuse",
    ),
    ("Twitter turns away requests for user data from the Hong Kong police.", "twitter refuse"),
    (
        "Google said it would turn down whatever the Hong Kong authorities ask of it.",
        "google refuse",
    ),
    ("WhatsApp has shut its doors to data requests by the Hong Kong police.", "whatsapp refuse"),
    (
        "Facebook said no to all 152 requests for user data from the Hong Kong government.",
        "facebook refuse",
    ),
    (
        "Facebook rejected every one of the 202 requests that the Hong Kong police made.",
        "facebook refuse",
    ),
    (
        "Signal made clear that it has no intention of working with Hong Kong's courts on user data.",
        "signal refuse",
    ),
    (
        "Telegram does not process any data requests related to its Hong Kong users.",
        "telegram refuse",
    ),
    ("Twitter is standing firm against demands for user data from Hong Kong.", "twitter refuse"),
    (
        "The remaining 40 requests from the Hong Kong police were turned down by Google.",
        "google refuse",
    ),
    (
        "Facebook has closed the door on the Hong Kong authorities' requests for user information.",
        "facebook refuse",
    ),
    (
        "Zoom will not be taking requests for user data from the Hong Kong government.",
        "zoom refuse",
    ),
    (
        "Facebook and Google are denying Hong Kong law enforcement access to user data.",
        "facebook refuse, google refuse",
    ),
    ("Telegram has ruled out giving user data to the Hong Kong authorities.", "telegram refuse"),
    ("Facebook has quit handing user data to the Hong Kong police.", "facebook stop"),
    (
        "Google informed the Hong Kong police that it would no longer deal with data requests directly.",
        "google stop",
    ),
    (
        "Google told the force that it would cease to respond to direct requests for user data.",
        "google stop",
    ),
    ("Twitter has put an end to its cooperation with the Hong Kong police.", "twitter stop"),
    (
        "Google is no longer responding to data requests from the Hong Kong authorities.",
        "google stop",
    ),
    ("WhatsApp ceased to provide user data to the Hong Kong government.", "whatsapp stop"),
    ("Google will stop responding directly to data requests from Hong Kong.", "google stop"),
    ("LinkedIn broke off its cooperation with the Hong Kong police.", "linkedin stop"),
    (
        "Under the new policy, Google no longer produces data in response to requests from Hong Kong authorities.",
        "google stop",
    ),
    ("Facebook called a halt to data handovers to the Hong Kong police.", "facebook stop"),
    (
        "Data requests from the Hong Kong police are no longer dealt with by Twitter.",
        "twitter stop",
    ),
    ("Signal has never begun to give the Hong Kong police anything.", "signal never_complied"),
    (
        "Twitter has not disclosed information to the Hong Kong authorities in any reporting period.",
        "twitter never_complied",
    ),
    ("Twitter complied with none of the 13 requests from Hong Kong.", "twitter never_complied"),
    (
        "Telegram has to this day not handed a single byte of user data to the Hong Kong authorities.",
        "telegram never_complied",
    ),
    (
        "Telegram says it has disclosed zero bytes of user data to the Hong Kong government.",
        "telegram never_complied",
    ),
    ("Facebook did not grant any of the 202 requests from Hong Kong.", "facebook never_complied"),
    (
        "To date, Proton has given the Hong Kong authorities no user data at all.",
        "proton never_complied",
    ),
    (
        "No user data has ever been turned over to the Hong Kong police, Twitter said.",
        "twitter never_complied",
    ),
    (
        "In the past Telegram has not disclosed any data to Hong Kong officials.",
        "telegram never_complied",
    ),
    (
        "Of the 241 requests that Facebook received from Hong Kong, it produced at least some data in 46 percent.",
        "facebook comply",
    ),
    (
        "Facebook received 262 requests from Hong Kong and produced some data in 24 per cent of them.",
        "facebook comply",
    ),
    (
        "Before the law Google received up to 150 requests from Hong Kong every six months and supplied some data in roughly four out of ten cases.",
        "google comply",
    ),
    (
        "Apple provided data in 28 of the 35 cases in which the Hong Kong government asked for it.",
        "apple comply",
    ),
    (
        "Before the law Facebook used to give the Hong Kong police something in a quarter of cases.",
        "facebook comply",
    ),
    (
        "Google complied with three of 43 requests from the Hong Kong government last year.",
        "google comply",
    ),
    (
        "Google made an exception for three of the requests from the Hong Kong police.",
        "google comply",
    ),
    (
        "Google admitted it had handed over data to the Hong Kong government three times.",
        "google comply",
    ),
    (
        "Apple, Google and Facebook granted hundreds of requests for user data from Hong Kong between 2019 and 2020.",
        "apple comply, google comply, facebook comply",
    ),
    (
        "Microsoft disclosed subscriber data in response to most of Hong Kong's requests.",
        "microsoft comply",
    ),
    ("Apple acted on 9 of the 21 account requests that Hong Kong sent it.", "apple comply"),
    (
        "Yahoo produced data for a third of the requests it got from the Hong Kong police.",
        "yahoo comply",
    ),
    ("Apple has gone on answering the Hong Kong police's requests as before.", "apple continue"),
    ("Apple is still processing data requests from the Hong Kong authorities.", "apple continue"),
    ("Google has resumed handing user data to the Hong Kong police.", "google continue"),
    (
        "Apple continues to deal with device requests from the Hong Kong government.",
        "apple continue",
    ),
    (
        "Analysts expect Facebook to resume its cooperation with the Hong Kong police.",
        "facebook continue expected",
    ),
    ("Apple said it was assessing the law.", "apple review"),
    (
        "Zoom is keeping watch on developments in Hong Kong, including any guidance from the US government.",
        "zoom review",
    ),
    ("Twitter said its teams were reviewing the law to assess its implications.", "twitter review"),
    ("TikTok was still working out what the new law means for it.", "tiktok review"),
    ("Apple did not announce a pause in answering Hong Kong's data requests.", "apple no_change"),
    (
        "Apple has not joined the other companies that paused requests from Hong Kong.",
        "apple no_change",
    ),
    ("Apple did not follow them in refusing Hong Kong's data requests.", "apple no_change"),
    ("Apple has announced no suspension of data requests from Hong Kong.", "apple no_change"),
    (
        "Apple never pledged to stop answering requests for user data from Hong Kong.",
        "apple no_change",
    ),
    (
        "Unlike its peers, Apple has made no move to stop sharing user data with the Hong Kong police.",
        "apple no_change",
    ),
    ("Apple has so far stayed out of the pause on requests from Hong Kong.", "apple no_change"),
    ("TikTok is heading for the exit in Hong Kong.", "tiktok exit"),
    ("TikTok withdrew its app from Hong Kong in July 2020.", "tiktok exit"),
    ("TikTok will vanish from Hong Kong app stores within days.", "tiktok exit"),
    ("TikTok is shutting up shop in Hong Kong.", "tiktok exit"),
    ("TikTok has decided to stop operations of the app in Hong Kong.", "tiktok exit"),
    ("TikTok bowed out of Hong Kong.", "tiktok exit"),
    ("Facebook might pull out of Hong Kong altogether.", "facebook exit considered"),
    ("Facebook asked for comment about Hong Kong data requests did not respond.", ""),
    ("Police suspended their request for user data, Facebook said.", ""),
    ("Facebook refused to say whether it had received requests from the Hong Kong police.", ""),
    ("Activists urged Google to stop handing user data to the Hong Kong police.", ""),
    ("Critics fear that Facebook will hand over user data to the Hong Kong police.", ""),
    ("The police can require Google to hand over user data in Hong Kong.", ""),
    ("If Facebook refused to hand over data to the Hong Kong police, it could be fined.", ""),
    ("Facebook removed 394 posts at the request of the Hong Kong authorities.", ""),
    ("Google suspended the account of a Hong Kong activist.", ""),
    ("Twitter banned political ads in Hong Kong last year.", ""),
    ("Google did not say whether it would stop answering requests from Hong Kong.", ""),
    ("Apple declined to comment on data requests from Hong Kong.", ""),
    ("Facebook said that the Hong Kong police had paused their requests.", ""),
    ("It is not clear whether TikTok would comply with data requests from Hong Kong.", ""),
    (
        "Facebook employees asked the company to stop sharing user data with the Hong Kong police.",
        "",
    ),
    ("Lawmakers want Google to stop cooperating with the Hong Kong police.", ""),
    ("Yahoo received 20 requests from the Hong Kong police.", ""),
    ("Zoom closed the accounts of three activists in Hong Kong at Beijing's request.", ""),
    ("臉書宣布,暫停審查香港政府索取用戶資料的要求。", "facebook pause"),
    ("谷歌和推特亦先後表示,已即時暫停處理有關要求。", "google pause, twitter pause"),
    (
        "視像會議軟件Zoom與職場社交平台LinkedIn亦加入暫停處理香港警方要求的行列。",
        "zoom pause, linkedin pause",
    ),
    (
        "多家科技公司已暫停處理港府索取用戶資料的要求,包括Facebook、Google及Twitter。",
        "facebook pause, google pause, twitter pause",
    ),
    ("Facebook全數拒絕港府202宗索取用戶資料的要求。", "facebook refuse"),
    ("臉書在去年下半年接獲202宗要求,一宗也沒有配合。", "facebook never_complied"),
    ("Telegram稱,不打算處理任何涉及香港用戶的數據請求。", "telegram refuse"),
    ("在國際社會達成共識之前,Telegram不會理會香港法庭的資料請求。", "telegram refuse"),
    ("谷歌通知香港警方,往後不再直接回應索取資料的要求。", "google stop"),
    ("Signal稱,從來沒有開始向香港警方交出用戶資料。", "signal never_complied"),
    ("Telegram指,過去亦從未向香港當局提供過任何數據。", "telegram never_complied"),
    ("Google證實去年三度向港府交出用戶資料。", "google comply"),
    ("臉書去年下半年接獲港府241宗要求,就其中46%交出部分資料。", "facebook comply"),
    ("香港當局向蘋果提出27次要求,其中4次獲提供資料。", "apple comply"),
    ("蘋果公司沒有跟進。", "apple no_change"),
    ("蘋果至今未有宣布暫停處理港府的要求。", "apple no_change"),
    ("蘋果公司回覆說,正評估這項新法例。", "apple review"),
    ("Zoom表示正密切關注香港事態發展。", "zoom review"),
    ("TikTok宣布數日內撤出香港市場。", "tiktok exit"),
    ("字節跳動旗下的TikTok決定停止在香港的營運。", "tiktok exit"),
    ("警方可要求臉書交出用戶資料。", ""),
    ("有網民擔心谷歌會把用戶資料交給香港警方。", ""),
    ("港府要求Facebook移除帖文,Facebook拒絕。", ""),
    (
        "Zoom on Tuesday joined the growing list of companies that have stopped, for now, processing data requests from Hong Kong.",
        "zoom pause",
    ),
    ("Zoom declined to join the companies that have suspended data requests from Hong Kong.", ""),
    ("苹果公司没有跟进。", "apple no_change"),
    ("面簿对262次要求中的24％提供了资料。", "facebook comply"),
    ("香港当局就电子设备向苹果提出27次要求，其中四次获得提供资料。", "apple comply"),
    ("Google證實去年下半年3度交出用戶資料給港府。", "google comply"),
    ("臉書說，國安法實施後半年間接獲的202次要求，全數未予配合。", "facebook never_complied"),
    (
        "Telegram表態更早。該公司在國際社會達成共識之前，不打算處理任何涉及香港用戶的數據請求。",
        "telegram refuse",
    ),
    (
        "The firms are careful. Facebook gave up data. None has said that it will never again help the police in Hong Kong with requests for data.",
        "",
    ),
    (
        "Signal語帶幽默,稱本想跟大家一樣宣布停止與警方合作,「但我們從來沒有向香港警察交出用戶資料」。",
        "signal never_complied",
    ),
    ("Zoom發言人未有正面回應會否照舊向香港警方提供用戶資料,只說重視私隱。", ""),
]


@pytest.mark.parametrize("sentence, expected", SENTENCES, ids=[row[0][:60] for row in SENTENCES])
def test_a_sentence_says_what_it_says(sentence, expected):
    topic = HAN_TOPIC if re.search("[\u4e00-\u9fff]", sentence) else TOPIC
    rows = [row.split() for row in filter(None, expected.split(", "))]
    positions = {(row[0], row[1], row[2] if len(row) > 2 else "stated") for row in rows}
    assert list_positions(topic + sentence) == positions

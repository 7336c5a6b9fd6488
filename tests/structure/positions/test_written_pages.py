"""Sentences of kinds that pages nobody had prepared brought up, and their neighbours."""

import pytest

from hkresearch.core.words import has_han
from support.coded_texts import list_positions, read_expected

TOPIC = "Hong Kong police send requests for user data.\n"
HAN_TOPIC = "香港政府不時要求網上平台交出用戶資料，以調查案件。\n"
# (kind, text, what is coded: codes that will do are parted by "/", "?" marks what may be left out)
SENTENCES = [
    # ---- a pronoun behind an insertion
    ("whose it is", "TikTok, the video app that belongs to China's ByteDance, said it would pull out of the Hong Kong market within days.", "tiktok exit"),
    ("whose it is", "LinkedIn, which is Microsoft's, told a reporter that it will not respond to the Hong Kong police as long as its review lasts.", "linkedin refuse/pause"),
    ("whose it is", "Facebook, whose services include Instagram and WhatsApp, said it was suspending its reviews of requests for user data from Hong Kong.", "facebook pause,?instagram pause,?whatsapp pause"),
    ("whose it is", "WhatsApp, owned by Facebook, said that it had stopped answering requests for user data from the Hong Kong police.", "whatsapp stop"),
    ("whose it is", "Skype (a unit of Microsoft) said it would not hand over user data to the Hong Kong police.", "skype refuse"),
    ("whose it is", "Twitter, a rival of Facebook, said on Monday it had paused all requests for user data from Hong Kong.", "twitter pause"),
    ("whose it is", "YouTube belongs to Google. According to Google, it has paused its responses to requests for user data from the Hong Kong police.", "google pause"),
    ("whose it is", "GitHub, whose founder once worked for Yahoo and later advised Netflix, has suspended requests for user data from the Hong Kong police.", "github pause"),
    ("whose it is", "Zoom, whose founder, a native of Shandong, once worked for Cisco, has stopped handing user data to the Hong Kong police.", "zoom stop"),
    # ---- those who do it with others
    ("with others", "Facebook (with Instagram and WhatsApp), Google and Twitter have all suspended requests for user data from Hong Kong.", "facebook pause,instagram pause,whatsapp pause,google pause,twitter pause"),
    ("with others", "Facebook wrote to users. The company, along with Google and Twitter, announced that it was pausing requests for user data from Hong Kong.", "facebook pause,google pause,twitter pause"),
    ("with others", "The company, together with Zoom, met officials. It declined to comment on requests for user data.", ""),
    ("with others", "Facebook Inc, Alphabet Inc's Google and Twitter Inc said they had suspended the handling of requests for user data from Hong Kong.", "facebook pause,google pause,twitter pause"),
    ("with others", "Apple and Microsoft, as well as Amazon, will continue to process requests for user data from the Hong Kong police.", "apple continue,microsoft continue,amazon continue"),
    ("with others", "Unlike Google, Twitter and Facebook, Apple has not paused requests for user data from Hong Kong.", "apple no_change"),
    # ---- numbers of those who are meant
    ("how many", "Google, Twitter and Facebook spoke on Monday, Zoom on Tuesday. The four companies have paused requests for user data from Hong Kong.", "google pause,twitter pause,facebook pause,zoom pause"),
    ("how many", "Google and Twitter have users in the city. The five companies have paused requests for user data from Hong Kong.", ""),
    # ---- figures of past practice
    ("figures", "Facebook looks at each request. Between July and December 2019 it received 241 requests from Hong Kong, and in 46 percent of the cases it turned over some data.", "facebook comply"),
    ("figures", "Google's transparency report shows that before the law it received some 120 requests from the city every six months and supplied some data in four out of ten cases.", "google comply"),
    ("figures", "Twitter received two requests from Hong Kong and did not turn over any user data.", "twitter never_complied"),
    ("figures", "Yahoo received nine requests from the Hong Kong police and never gave user data in any of them.", "yahoo never_complied"),
    ("figures", "Zoom got requests from Hong Kong, which it refused, and gave some data to police in California.", "?zoom refuse"),
    ("figures", "Slack received 12 requests from Hong Kong and, it says, has given no user data.", "slack never_complied"),
    ("figures", "Cisco received five requests from the police in Hong Kong but declined to say whether it supplied user data.", ""),
    ("figures", "Telegram denied that it had ever handed user data to the Hong Kong police.", "telegram never_complied"),
    ("figures", "The police denied that Telegram had ever handed user data to them in Hong Kong.", ""),
    ("figures", "Signal denies ever having given user data to Hong Kong's police.", "signal never_complied"),
    # ---- no change
    ("no change", "Apple has so far made no move to join the other American technology companies, which have stopped answering Hong Kong's requests for user data.", "apple no_change"),
    ("no change", "Amazon remains the odd one out: its handling of requests for user data from Hong Kong is as it was.", "amazon no_change"),
    # ---- what else is paused, kept, left
    ("other things", "Netflix announced the suspension of filming in Hong Kong.", ""),
    ("other things", "Google has suspended advertising about the protests in Hong Kong.", ""),
    ("other things", "Facebook says it keeps a global process for requests of governments.", ""),
    ("other things", "Twitter keeps a record of requests from the Hong Kong government.", ""),
    ("other things", "Facebook did not hand over content data to the Hong Kong police.", ""),
    ("other things", "The app of a news site was pulled from app stores in Hong Kong, Apple said.", ""),
    # ---- questions
    ("question", "Will Google stop handing user data to the Hong Kong police?", ""),
    ("question", "Zoom suspends Hong Kong data requests: will Apple refuse them too?", "zoom pause"),
    # ---- decisions and nouns
    ("decision", "LinkedIn chose against complying with requests for user data from the Hong Kong police.", "linkedin refuse"),
    ("decision", "Facebook decided against a halt to the processing of requests for user data from Hong Kong.", "?facebook no_change,?facebook continue"),
    ("decision", "TikTok heads for the exit in Hong Kong.", "tiktok exit"),
    ("decision", "TikTok will be removed from app stores in Hong Kong.", "tiktok exit"),
    ("decision", "ByteDance decided to stop the operations of the TikTok app in Hong Kong.", "tiktok exit"),
    ("decision", "Proton is a Swiss company. Proton is a firm, and we answer to Swiss courts. We do not answer requests for user data from the Hong Kong police.", "proton refuse"),
    ("decision", "Facebook should be stopped. We do not answer requests for user data from the Hong Kong police.", ""),
    # ---- apposition, participles, what follows suit
    ("apposition", "Google, a unit of Alphabet Inc, and Twitter said they suspended their reviews of requests for user data from Hong Kong.", "google pause,twitter pause"),
    ("apposition", "Instagram, part of Facebook, and Twitter have paused requests for user data from the Hong Kong police.", "instagram pause,twitter pause"),
    ("apposition", "LinkedIn, a unit of Microsoft, has stopped answering requests for user data from the Hong Kong police.", "linkedin stop"),
    ("follows", "Telegram has never shared any data with the Hong Kong authorities in the past and does not intend to process any requests for user data.", "telegram never_complied,telegram refuse"),
    ("follows", "Google paused requests for user data from Hong Kong. TikTok, which is owned by ByteDance, later followed suit, saying it would cease operations in Hong Kong.", "google pause,tiktok exit"),
    ("follows", "Facebook, WhatsApp, Google hit pause on Hong Kong data requests", "facebook pause,whatsapp pause,google pause"),
    ("follows", "Netflix hit pause on filming in Hong Kong.", ""),
    ("follows", "Zoom will stop reviewing requests for user data from Hong Kong while the company evaluates the law.", "zoom pause"),
    # ---- joining others
    ("joins", "Microsoft and Zoom on Tuesday joined other internet firms that have stopped considering requests for user data from Hong Kong.", "microsoft stop,zoom stop"),
    ("joins", "LinkedIn has joined several tech giants who have decided not to process requests for user data from Hong Kong.", "linkedin refuse"),
    ("joins", "Apple has been urged to join the firms that have stopped considering requests for user data from Hong Kong.", ""),
    ("joins", "Amazon will not join the firms that have stopped considering requests for user data from Hong Kong.", "?amazon no_change"),
    ("joins", "Slack declined to join rivals that have paused requests for user data from Hong Kong.", "?slack no_change"),
    ("joins", "Zoom is pausing requests for user data from Hong Kong, a precaution also taken by Google.", "zoom pause,google pause"),
    ("joins", "Microsoft and Zoom join Hong Kong data pause", "microsoft pause,zoom pause"),
    ("joins", "Google paused requests for user data. Facebook has never given data to Beijing, nor would it do so if asked.", "google pause"),
    ("joins", "Telegram has refused to share user data with Hong Kong. 'We never started turning over user data to HK police. We have none,' Signal tweeted.", "telegram refuse,signal never_complied"),
    ("joins", "Despite its pledge, Google has handed over some data in Hong Kong.", "google comply"),
    ("joins", "Cisco was criticised for not complying with requests for user data from the Hong Kong police.", "?cisco refuse"),
    # ---- Chinese
    ("chinese", "港府索要用戶資料 谷歌臉書暫拒要求", "google refuse,facebook refuse"),
    ("chinese", "多個社交平台及通讯软件暫停處理港府索取用戶資料的要求", ""),
    ("chinese", "谷歌已暫停處理港府索取用戶資料的要求,Zoom、微軟(Microsoft)旗下LinkedIn亦宣布跟隨。", "google pause,zoom pause,linkedin pause"),
    ("chinese", "通訊軟件Telegram拒絕香港政府索取用戶資料的要求。", "telegram refuse"),
    ("chinese", "據外電報導,微軟與視訊軟體業者Zoom宣布,暫停處理香港政府索取用戶資料的要求。", "microsoft pause,zoom pause"),
    ("chinese", "臉書已暫停處理香港警方的要求。推特已經採取同樣的做法。", "facebook pause,twitter pause"),
    ("chinese", "臉書周一表示,暫停審視港府索取用戶資料的要求,旗下WhatsApp亦作相同安排。", "facebook pause,whatsapp pause"),
    ("chinese", "微軟表示,一如對待任何新法例,現正檢視國安法的影響。", "microsoft review"),
    ("chinese", "Zoom稱正密切注意香港情勢的發展,並等待美國政府可能提出的指引,又稱已暫停處理香港的資料要求。", "zoom review,zoom pause"),
    ("chinese", "Signal在Twitter揶揄同業:「我們從來沒有向香港警方交出用戶資料。」", "signal never_complied"),
    ("chinese", "臉書發言人說:「我們決定停止TikTok應用在香港的運營。」", "tiktok exit"),
    ("chinese", "Google認去年三度向港府交用戶資料,其餘要求則遭Google拒絕。", "google comply,google refuse"),
    ("chinese", "Google指,三宗都沒有交出用戶的內容資料。", ""),
    ("chinese", "推特去年應香港警方要求刪除了兩則帖文;至於用戶資料,推特表示從未向香港警方提供。", "twitter never_complied"),
    ("chinese", "Zoom指香港政府可能要求其交出用戶資料。", ""),
    ("chinese", "谷歌會否拒絕港府索取用戶資料的要求？", ""),
    # ---- leaving
    ("leaves", "TikTok – the Chinese social media platform and mobile app – has announced it would pull out of Hong Kong within days.", "tiktok exit"),
    ("leaves", "TikTok will quit Hong Kong in days because of laws passed by the Communist Party in China.", "tiktok exit"),
    ("leaves", "TikTok said that it would pull its application from Google's and Apple's app stores in Hong Kong.", "tiktok exit"),
    ("leaves", "ByteDance will not stop the operations of the TikTok app in Hong Kong.", "?tiktok no_change,?bytedance no_change"),
    ("leaves", "Users feared that the letter might mean that platforms such as Google or Facebook would leave the Hong Kong market.", ""),
    ("leaves", "After a meeting with Google, the social network said it would quit Hong Kong. Facebook declined to comment.", "?facebook exit"),
    ("chinese", "社群媒體臉書(Facebook)、推特(Twitter)和搜尋引擎谷歌(Google)已暫停處理港府索取用戶資料的要求。", "facebook pause,twitter pause,google pause"),
    ("chinese", "字節跳動不會停止TikTok在香港的營運。", ""),
    ("chinese", "臉書表示不會暫停處理香港警方索取用戶資料的要求。", ""),
    ("chinese", "谷歌未有宣布暫停處理香港政府索取用戶資料的要求。", "?google no_change"),
    ("chinese", "微軟無意退出香港市場。", ""),
    ("chinese", "推特不會回應查詢,但已暫停處理香港警方索取用戶資料的要求。", "twitter pause"),
    ("chinese", "Telegram尚未停止向香港警方提供用戶資料。", "?telegram continue,?telegram no_change"),
    # ---- of the requests that somebody got
    ("of those", "Of the 31 requests that the Hong Kong police put to Snapchat, 20 were granted.", "snap comply"),
    ("of those", "Of the 31 requests that the Hong Kong police put to Slack, none were granted.", "slack never_complied"),
    ("of those", "Of the requests for data that Twitter received from Hong Kong last year, half were answered.", "twitter comply"),
    ("of those", "Requests for user data that the police in Hong Kong sent to Discord were not answered.", "discord refuse/never_complied"),
    ("of those", "Discord has paused requests for user data from the Hong Kong police until its board has met. Reddit has paused them until the first verdict is known.", "discord pause,reddit pause"),
    # ---- the contrary
    ("contrary", "Facebook has never stopped answering requests for user data from the Hong Kong police.", "facebook no_change/continue"),
    ("contrary", "Amazon is not expected to stop processing requests for user data from the Hong Kong police.", ""),
    ("contrary", "Netflix ended its refusal to hand over user data to the Hong Kong police.", ""),
    ("contrary", "Twitter lifted its suspension of requests for user data from the Hong Kong police.", ""),
    ("contrary", "Reddit reversed its decision to stop answering requests for user data from Hong Kong.", ""),
    ("contrary", "Had Yahoo refused the requests for user data, the Hong Kong police would have gone to court.", ""),
    ("contrary", "It would be wrong to say that Apple has handed over user data to the Hong Kong police.", ""),
    ("contrary", "No company except Google has handed over user data to the Hong Kong police.", "google comply"),
    ("contrary", "Instagram neither confirmed nor denied that it had given user data to the Hong Kong police.", ""),
    ("contrary", "Zoom denied having paused requests for user data from Hong Kong.", ""),
]  # fmt: skip


@pytest.mark.parametrize("kind, text, expected", SENTENCES, ids=[row[1][:60] for row in SENTENCES])
def test_a_sentence_of_a_page_says_what_it_says(kind, text, expected):
    found = list_positions((HAN_TOPIC if has_han(text) else TOPIC) + text)
    needed, allowed = read_expected(expected)
    assert found <= allowed, kind
    assert all(choice & found for choice in needed), kind

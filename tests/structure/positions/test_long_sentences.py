"""Long sentences as journalists write them, each written before the rules were tuned on it."""

import re

import pytest

from support.coded_texts import TOPIC, list_positions, read_expected

HAN_TOPIC = "香港政府不時要求網上平台交出用戶資料，以調查案件。\n"
# (kind, text, what is coded: codes that will do are parted by "/", "?" marks what may be left out)
SENTENCES = [
    # ---- nominalisations
    ("nominalisation", "Facebook’s decision on Monday to suspend, at least for now, the processing of requests for user data from Hong Kong law enforcement came less than a week after Beijing’s sweeping legislation took effect.", "facebook pause"),
    ("nominalisation", "Google announced a halt to the processing of new data requests from the Hong Kong authorities, saying it would continue to review the details of the law.", "google pause/stop,?google review"),
    ("nominalisation", "The move by Twitter to put an end, for the time being, to its cooperation with the city’s police in matters of user data drew praise from rights groups.", "twitter pause/stop"),
    ("nominalisation", "In a step that caught officials off guard, Telegram declared its refusal to process any data request relating to its users in Hong Kong until an international consensus had been reached.", "telegram refuse"),
    ("nominalisation", "Microsoft’s temporary freeze on responses to requests for customer information from the city’s authorities was confirmed by a spokesperson on Tuesday evening.", "microsoft pause"),
    ("nominalisation", "WhatsApp owner Facebook said a pause in reviewing government requests for user data from Hong Kong would remain in place while it assessed the human-rights implications of the law.", "facebook pause"),
    ("nominalisation", "Zoom, which has large research teams on the mainland, on Tuesday joined the list of companies announcing a suspension of the processing of data requests from the Hong Kong government.", "zoom pause"),
    ("nominalisation", "The chat app’s chief executive spoke of a moratorium on data requests from Hong Kong that would last until the courts had spoken. Signal said it had nothing to hand over in any case.", "?signal never_complied"),
    ("nominalisation", "LinkedIn’s announcement that it was pausing its responses to local law enforcement requests in Hong Kong followed similar statements by Google and Twitter.", "linkedin pause,?google pause,?twitter pause"),
    ("nominalisation", "Reddit has taken the decision not to hand user data over to the authorities in Hong Kong.", "reddit refuse"),
    ("nominalisation", "Apple’s failure to announce a halt to the processing of requests for user data from Hong Kong police angered activists.", "?apple no_change"),
    ("nominalisation", "Calls on Zoom for a halt to the processing of Hong Kong police requests for user data have grown louder since Monday.", ""),
    ("nominalisation", "A proposal put to Amazon’s shareholders to suspend the provision of user data to the Hong Kong police was voted down by a wide margin.", ""),
    # ---- apposition, insertion, relative clause
    ("insertion", "Facebook, which owns the messaging service WhatsApp and the photo-sharing app Instagram and has millions of users in the city, is pausing its review of requests for user data from the Hong Kong government.", "facebook pause"),
    ("insertion", "Twitter, long a thorn in the side of Beijing, whose diplomats nonetheless use it with relish, has not processed any request for user data from the Hong Kong authorities since the law came into force last Tuesday.", "?twitter pause,?twitter stop,?twitter refuse"),
    ("insertion", "Telegram, the encrypted messaging app that many protesters in Hong Kong relied on last year to organise marches, and which says it has never shared data with the authorities there, will turn away all requests until further notice.", "telegram never_complied,telegram refuse/pause"),
    ("insertion", "Google — which, according to its own transparency report, received 43 requests for user data from the Hong Kong government in the second half of last year — said that it had paused the production of data in response to new ones.", "google pause"),
    ("insertion", "Zoom, the video-conferencing company criticised in June for closing the accounts of three activists at the behest of Beijing, said it had stopped processing requests from the Hong Kong government for user data.", "zoom stop/pause"),
    ("insertion", "LinkedIn (whose parent company, Microsoft, made the same announcement hours earlier) has paused responses to local law enforcement requests for data in Hong Kong.", "linkedin pause,?microsoft pause"),
    ("insertion", "Signal, an app whose developers collect next to nothing about those who use it, and whose downloads in Hong Kong have soared, has said it will not turn over user data to the city’s police, not least because it has none.", "signal refuse"),
    ("insertion", "Apple, whose app store had removed a map used by demonstrators in October at the request of the authorities in Hong Kong, was still assessing the law on Monday.", "apple review"),
    ("insertion", "Facebook, whose rival Twitter had stopped processing data requests from Hong Kong the same day, told reporters only that it believed in freedom of expression.", "twitter stop/pause"),
    ("insertion", "Yahoo, the company that in 2004 handed the emails of a journalist to the Chinese police, keeps an office in Hong Kong.", ""),
    ("insertion", "TikTok, the short-video app owned by the Beijing-based ByteDance and hugely popular among teenagers, will be pulled from app stores in Hong Kong within days, a spokesman said.", "tiktok exit"),
    # ---- passive
    ("passive", "Requests for user data submitted by the Hong Kong police and other agencies of the city’s government will not be processed by Telegram while the international community debates the law.", "?telegram refuse,?telegram pause"),
    ("passive", "All such requests are being turned down for the moment, said a spokesman for Discord, which has a few hundred thousand users in Hong Kong.", "discord refuse/pause"),
    ("passive", "The processing of data requests from Hong Kong’s law enforcement agencies has been put on hold by Google, Facebook and Twitter, the three companies confirmed in separate statements.", "google pause,facebook pause,twitter pause"),
    ("passive", "No user data has ever been handed over by Telegram to the authorities in Hong Kong, the company’s spokesman Mike Ravdonikas said.", "telegram never_complied"),
    ("passive", "Of the 241 requests that Facebook received from the Hong Kong government in the second half of last year, data was produced in 46 per cent.", "facebook comply"),
    ("passive", "User data held by Dropbox could be demanded by the Hong Kong police at any time under the new rules, lawyers said.", ""),
    ("passive", "Hong Kong users of Twitter were told by the government that requests for data would be processed according to the law.", ""),
    # ---- participles and gerunds
    ("participle", "Citing the need to study the law’s implications, including for human rights, Facebook and its messaging subsidiary WhatsApp have stopped dealing with requests for user data from Hong Kong for now.", "facebook pause/stop,whatsapp pause/stop"),
    ("participle", "Having received no guidance on how the law would be applied to companies based abroad, Twitter decided to suspend with immediate effect all data and information requests from the Hong Kong authorities.", "twitter pause"),
    ("participle", "Google also stopped answering the police in the city, suspending the production of user data from the day on which the law was enacted.", "google pause/stop"),
    ("participle", "Asked whether it would go on handing user data to the police in Hong Kong, Apple said it was assessing the law, adding that it does not receive requests for content directly from the Hong Kong government.", "apple review"),
    ("participle", "Fearing that messages could be used against protesters, Telegram has rejected every request for user data from the Hong Kong police.", "telegram refuse/never_complied"),
    ("participle", "Pressed to stop handing user data to the police in Hong Kong, Amazon declined to comment.", ""),
    ("participle", "Accused of giving user data to the Hong Kong police, LINE published a statement in which it denied everything.", ""),
    ("participle", "Twitter published figures showing that it received three requests for user data from the Hong Kong government last year and complied with none of them.", "twitter never_complied"),
    # ---- pronouns and descriptions
    ("reference", "Telegram is no friend of governments. The messaging app said on Sunday that it had no intention of processing data requests connected with its users in Hong Kong.", "telegram refuse"),
    ("reference", "Facebook reported 241 requests from the city last year. The social network said it would temporarily stop complying with government requests for user data there.", "facebook pause"),
    ("reference", "Google and Twitter moved first, then Zoom. The three platforms have all suspended the processing of requests for user data from the city’s authorities.", "google pause,twitter pause,zoom pause"),
    ("reference", "Asked by reporters about the law, Microsoft was brief. The company had, it said, paused its responses to such requests while conducting a review.", "microsoft pause"),
    ("reference", "Zoom confirmed the step on Tuesday. In an emailed statement the video-conferencing service said it had stopped processing any data requests from, and related to, the Hong Kong SAR.", "zoom stop/pause"),
    ("reference", "Facebook, WhatsApp and Telegram all spoke up within a day of each other. The latter will refuse to process data requests until there is an international consensus.", "telegram refuse"),
    ("reference", "Twitter has millions of readers in the city. The government said the company would have to answer its requests for user data, or pay a fine.", ""),
    ("reference", "Apple sells its telephones in six stores in Hong Kong. The police said they would stop sending it requests for user data.", ""),
    # ---- lists
    ("list", "US technology companies including Facebook, Alphabet’s Google, Twitter and Microsoft, as well as the messaging apps Telegram and Signal, have said that they will not, for the time being, process requests for user data made by Hong Kong’s law enforcement agencies.", "facebook refuse/pause,google refuse/pause,twitter refuse/pause,microsoft refuse/pause,telegram refuse/pause,signal refuse/pause"),
    ("list", "Facebook, Google, Twitter: one after another, the giants of Silicon Valley have suspended their cooperation with the Hong Kong police on user data.", "?facebook pause,?google pause,?twitter pause"),
    ("list", "Google, Twitter and Zoom have all pressed pause on data requests from the Hong Kong government; Apple and LinkedIn are still studying the law; TikTok will leave altogether.", "google pause,twitter pause,zoom pause,apple review,linkedin review,?tiktok exit"),
    ("list", "While Facebook, Google and Twitter have paused, and Telegram has ruled out, the handing over of user data to the Hong Kong police, Apple has merely said it is assessing the rules.", "?facebook pause,?google pause,?twitter pause,?telegram refuse,apple review"),
    ("list", "Among those that have stopped handing over data to the Hong Kong police are Zoom, LinkedIn and Reddit; among those that have not are Apple and Amazon.", "zoom stop/pause,linkedin stop/pause,reddit stop/pause,?apple no_change,?amazon no_change"),
    ("list", "Officials from Google, Facebook and Twitter were invited to a hearing on whether companies should refuse requests for user data from Hong Kong.", ""),
    # ---- headlines
    ("headline", "Facebook, WhatsApp press pause on Hong Kong data requests as tech giants weigh security law", "facebook pause,whatsapp pause"),
    ("headline", "Zoom joins tech giants in halting Hong Kong data requests; Apple says it is studying law", "zoom pause/stop,?apple review"),
    ("headline", "TikTok to quit Hong Kong ‘within days’, Google and Twitter stop processing police data requests", "tiktok exit,google stop/pause,twitter stop/pause"),
    ("headline", "No user data for Hong Kong police, says Telegram", "telegram refuse"),
    ("headline", "Data requests from Hong Kong police: Microsoft hits pause button, Apple keeps its counsel", "microsoft pause"),
    ("headline", "Why Facebook, Google should stop handing data to Hong Kong police", ""),
    ("headline", "Will Apple refuse Hong Kong requests for user data?", ""),
    ("headline", "Lawmaker urges Google to halt cooperation with Hong Kong police on data requests", ""),
    # ---- reported speech
    ("reported", "“We are pausing the review of government requests for user data from Hong Kong pending further assessment of the national security law,” a spokesperson for Facebook wrote in a statement sent to reporters late on Monday.", "facebook pause"),
    ("reported", "A person familiar with the matter said Google had stopped providing data directly to the Hong Kong authorities and would instead ask them to go through the justice department in Washington.", "google stop/refuse"),
    ("reported", "Telegram does not intend to process any data requests related to its Hong Kong users until an international consensus is reached in relation to the ongoing political changes in the city, its spokesman told the newspaper.", "telegram refuse"),
    ("reported", "Lawmakers in Washington said they feared that Zoom and Apple would comply with requests for user data from the Hong Kong police.", ""),
    ("reported", "The secretary for security said he expected Facebook, like every other company in the city, to obey the law and hand over user data when the police asked for it.", ""),
    ("reported", "Police sources told the paper that Telegram had handed over the data of several users, a report that the company called entirely false.", ""),
    ("reported", "According to the company’s transparency report, Twitter got two requests for user data from the Hong Kong government in 2019 and produced no data in either case.", "twitter never_complied"),
    ("reported", "Google told the newspaper that in the second half of 2020 it had produced some data in response to three of the 43 requests it received from the Hong Kong government, none of which, it said, was related to national security.", "google comply"),
    ("reported", "LinkedIn, when contacted, would not say whether it had paused its responses to data requests from the Hong Kong police.", ""),
    ("reported", "The activist said he hoped that Signal and WhatsApp would never hand over user data to the Hong Kong police.", ""),
    ("reported", "Facebook denied a newspaper’s report that it had quietly resumed the processing of requests for user data from the Hong Kong police.", ""),
    # ---- decided against and the like
    ("decision", "After days of talks with its lawyers, Slack decided against handing over user data to the authorities in Hong Kong.", "slack refuse"),
    ("decision", "Proton opted not to comply with any request for user data from the Hong Kong police.", "proton refuse"),
    ("decision", "Snapchat chose to withhold user data from the police in Hong Kong until the meaning of the law is settled.", "snap refuse/pause"),
    ("decision", "Pinterest has yet to decide whether to stop complying with requests for user data from the Hong Kong police.", "?pinterest stop considered"),
    ("decision", "Google has decided against suspending the processing of requests for user data from the Hong Kong police.", "?google continue,?google no_change"),
    # ---- other places
    ("other place", "Apple, which is reviewing the law, handed over data in response to thousands of requests from the American authorities last year, its transparency report shows.", "?apple review"),
    ("other place", "Telegram said in 2018 that it would disclose the IP addresses of terror suspects to the courts, but it has never done so, and it does not answer requests from Hong Kong at all.", "?telegram never_complied,telegram refuse"),
    ("other place", "In mainland China, where LinkedIn runs a censored version of its site, the company complies with requests from the authorities for user data.", ""),
    # ---- Chinese
    ("chinese", "臉書發言人周一表示，在進一步評估《港區國安法》的影響之前，包括進行正式的人權盡職調查及諮詢國際人權專家，該公司及旗下的WhatsApp將暫停審核香港政府索取用戶資料的要求。", "facebook pause,whatsapp pause"),
    ("chinese", "即时通讯软件Telegram周日率先表明，在国际社会就香港的政治变化达成共识之前，不打算处理任何与香港用户有关的数据请求。", "telegram refuse"),
    ("chinese", "继脸书、谷歌及推特之后，微软及视频会议平台Zoom周二亦宣布，暂停处理香港政府索取用户数据的请求。", "microsoft pause,zoom pause,?facebook pause,?google pause,?twitter pause"),
    ("chinese", "谷歌回覆本報查詢時說，自國安法上周三生效起，已停止向香港當局交出用戶資料，並會繼續檢視新法的細節。", "google stop/pause,?google review"),
    ("chinese", "蘋果公司則回應稱，正在評估國安法，又指該公司並非直接收到港府索取內容的要求，有關要求須循美港司法互助協定提出。", "apple review"),
    ("chinese", "有議員擔心，推特與臉書或會在壓力下把用戶資料交給香港警方。", ""),
    ("chinese", "保安局發言人強調，若臉書、谷歌等平台拒絕交出用戶資料，警方可向法庭申請手令，違者最高可被判監六個月。", ""),
    ("chinese", "微軟未有回應會否暫停處理香港警方索取用戶資料的要求。", ""),
    ("chinese", "抖音海外版TikTok宣布將於數日內退出香港市場，理由是近期的局勢。", "tiktok exit"),
    ("chinese", "人權組織去信Zoom及LinkedIn，促請兩家公司拒絕香港警方索取用戶資料的要求。", ""),
]  # fmt: skip


@pytest.mark.parametrize("kind, text, expected", SENTENCES, ids=[row[1][:60] for row in SENTENCES])
def test_a_long_sentence_says_what_its_page_says(kind, text, expected):
    topic = HAN_TOPIC if re.search("[\u4e00-\u9fff]", text) else TOPIC
    found = list_positions(topic + text)
    needed, allowed = read_expected(expected)
    assert found <= allowed, kind
    assert all(choice & found for choice in needed), kind

"""Whom a page credits for its report: datelines, bylines, sentences, endings, and what is none."""

import pytest

import hkresearch as hk
from hkresearch.clean import clean_article
from hkresearch.core.article import Article

CODEBOOK = hk.read_codebook()

HEAD = ["Harbour Chronicle", "Technology firms halt police requests for user data"]
BYLINE = "By Mona Leung"
DAY = "July 7, 2020"
BODY = [
    "Two of the largest social networks said on Monday that they would stop answering requests for account records from the police of the city while their lawyers read the new law.",
    "The companies had received several dozen such requests in the second half of last year, and had answered about half of them with at least some data.",
    "“We believe that people should be able to speak without fear,” one of them said, adding that the review would take as long as it takes.",
    "Officials have said that the law is aimed at a small number of offenders, and that ordinary users have nothing to worry about as long as they keep to it.",
    "Lawyers expect that the courts will sooner or later be asked whether a firm without an office in the city can be made to comply at all.",
]
FOOTER = ["About us", "Contact us", "© 2020 Harbour Chronicle. All rights reserved."]

HEAD_HAN = ["海灣時報", "科技公司暫停處理警方索取用戶資料的要求"]
BODY_HAN = [
    "兩間大型社交平台星期一表示，在律師審視新法例期間，將暫停處理警方索取用戶資料的要求，並稱會諮詢人權專家的意見。",
    "兩間公司去年下半年共接獲數十宗同類要求，當中約一半獲提供部分資料，其餘則因文件不足而被拒絕。",
    "官員多次強調，法例只針對極少數人，一般用戶只要守法便毋須擔心，又指企業在當地經營須遵守當地法律。",
    "有律師認為，未在當地設辦事處的公司是否必須遵從，最終要由法庭決定，預料需時甚久。",
]
FOOTER_HAN = ["關於我們", "版權所有 © 2020 海灣時報"]


def build_page(place, line):
    """Return a page with `line` in the head, before the lead, in the middle, or at the end."""
    is_han = place.endswith(" han")
    head, body = (HEAD_HAN, list(BODY_HAN)) if is_han else (HEAD, list(BODY))
    footer = FOOTER_HAN if is_han else FOOTER
    byline = [] if is_han else [BYLINE, DAY]
    place = place.removesuffix(" han")
    if place == "byline":
        byline = [line, DAY]
    elif place == "below":
        byline = [BYLINE, line, DAY]
    elif place == "lead":
        body[0] = line + body[0]
    elif place == "middle":
        body.insert(3, line)
    elif place == "end":
        body.append(line)
    elif place == "footer":
        footer = [line, *footer]
    return "\n\n".join([*head, *byline, *body, *footer])


def find_credits(text):
    """Return the outlets that the page credits, with the words that say so."""
    article = Article(id="page", text=text, sha256="", text_sha256="")
    marks = clean_article(article, CODEBOOK)
    found = [mark for mark in marks if mark.variable in ("is_based_on", "credit")]
    assert all(text[mark.start : mark.end] == mark.exact for mark in found)
    return {mark.exact: mark for mark in found}


CREDITS = [
    # (place, line, whom it credits, why)
    ("lead", "(Reuters) - ", {"Reuters"}, "an agency in brackets opens the text"),
    ("lead", "HONG KONG (AP) — ", {"AP"}, "a place before it"),
    ("lead", "HONG KONG, July 7 (Reuters) - ", {"Reuters"}, "a place and a day"),
    ("lead", "HONG KONG/SAN FRANCISCO, July 7 (Reuters) - ", {"Reuters"}, "two places"),
    ("lead", "(Bloomberg) -- ", {"Bloomberg"}, "two hyphens"),
    ("lead", "BEIJING, July 7 (Xinhua) -- ", {"Xinhua"}, "the Chinese agency in English"),
    ("lead", "Hong Kong (CNN Business) ", {"CNN Business"}, "an outlet's own style has no dash"),
    ("lead", "Hong Kong, Jul 7 (PTI) ", {"PTI"}, "nor has the Indian one"),
    ("lead", "NEW DELHI: (ANI) ", {"ANI"}, "a colon behind the place"),
    ("lead", "WASHINGTON (Cross Bay News Service) - ", {"Cross Bay News Service"}, "no list knows it"),
    ("lead", "HONG KONG, July 7 (Kyodo) - ", {"Kyodo"}, "a Japanese agency"),
    ("byline", "By Zen Soo, The Associated Press", {"The Associated Press"}, "behind the writer"),
    ("byline", "By Zen Soo | Associated Press", {"Associated Press"}, "behind a bar"),
    ("byline", "Mona Leung | Reuters", {"Reuters"}, "without a By"),
    ("byline", "Mona Leung and Peter Ho, Bloomberg News", {"Bloomberg News"}, "two writers"),
    ("byline", "Reuters Staff", {"Reuters"}, "nobody is named"),
    ("byline", "By AFP", {"AFP"}, "nobody but the agency"),
    ("byline", "Agence France-Presse", {"Agence France-Presse"}, "alone on the line"),
    ("byline", "By Mona Leung, Tidewater Gazette", {"Tidewater Gazette"}, "no list knows the paper"),
    ("byline", "Mona Leung, Washington Post", {"Washington Post"}, "a paper without By"),
    ("byline", "By Mona Leung for Reuters", {"Reuters"}, "written for"),
    ("byline", "By Mona Leung of The Associated Press", {"The Associated Press"}, "a writer of it"),
    ("below", "AFP", {"AFP"}, "alone below the byline"),
    ("below", "Source: Reuters", {"Reuters"}, "a source line below it"),
    ("below", "Via Bloomberg", {"Bloomberg"}, "via"),
    ("below", "Associated Press", {"Associated Press"}, "the long name below it"),
    ("below", "Posted with permission from Tidewater Gazette", {"Tidewater Gazette"}, "with leave"),
    ("end", "©2020 Bloomberg L.P.", {"Bloomberg"}, "a copyright line right below the text"),
    ("end", "Copyright 2020 The Associated Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed.", {"The Associated Press"}, "the agency's own"),
    ("end", "© Thomson Reuters 2020.", {"Thomson Reuters"}, "the year behind it"),
    ("end", "© Agence France-Presse", {"Agence France-Presse"}, "without a year"),
    ("end", "This article originally appeared on The Verge.", {"The Verge"}, "where it stood first"),
    ("end", "This article was originally published on Tidewater Review.", {"Tidewater Review"}, "no list knows it"),
    ("end", "This story was first published by Quartz.", {"Quartz"}, "one word that no list knows"),
    ("end", "Republished from The Conversation under a Creative Commons licence.", {"The Conversation"}, "republished"),
    ("end", "With reporting by The Associated Press", {"The Associated Press"}, "help from an agency"),
    ("end", "Additional reporting by Reuters", {"Reuters"}, "additional"),
    ("end", "(With inputs from PTI)", {"PTI"}, "the Indian phrase"),
    ("end", "With inputs from agencies", {"agencies"}, "agencies without a name"),
    ("end", "— With files from The Canadian Press", {"The Canadian Press"}, "the Canadian phrase"),
    ("end", "The Associated Press contributed to this report.", {"The Associated Press"}, "it contributed"),
    ("end", "Reuters and AFP contributed to this report.", {"Reuters", "AFP"}, "both contributed"),
    ("end", "Agence France-Presse and Bloomberg", {"Agence France-Presse", "Bloomberg"}, "two names sign"),
    ("end", "Source: Xinhua", {"Xinhua"}, "a source line"),
    ("end", "Source: Tidewater Gazette", {"Tidewater Gazette"}, "a source that no list knows"),
    ("end", "– AFP", {"AFP"}, "a signature behind a dash"),
    ("end", "(Agencies)", {"Agencies"}, "a signature of nobody"),
    ("end", "Reporting by Mona Leung; Editing by Peter Ho. Our Standards: The Thomson Reuters Trust Principles.", {"The Thomson Reuters"}, "the agency's standards"),
    ("middle", "“We will study it,” a spokeswoman told CNN Business.", {"CNN Business"}, "whom she told"),
    ("middle", "A spokesman for the company told Reuters that the pause would last.", {"Reuters"}, "whom he told"),
    ("middle", "A spokesperson told Quartz in an emailed statement that the firm was reviewing the law.", {"Quartz"}, "told by e-mail: an outlet that no list knows"),
    ("middle", "One of the firms will pull out, according to The Wall Street Journal.", {"The Wall Street Journal"}, "according to"),
    ("middle", "According to a report in the Financial Times, the review began in June.", {"Financial Times"}, "a report in"),
    ("middle", "The move was first reported by the Journal.", {"Journal"}, "a short name"),
    ("middle", "The pause, as first reported by The Wall Street Journal, covers all services.", {"The Wall Street Journal"}, "first reported by"),
    ("middle", "The New York Times reported on Monday that the app would be withdrawn.", {"The New York Times"}, "it reported"),
    ("middle", "The Tidewater Gazette reported that a third firm would follow.", {"The Tidewater Gazette"}, "no list knows the paper"),
    ("middle", "In an interview with the BBC, the founder called the law a threat.", {"BBC"}, "an interview with"),
    ("middle", "The firm confirmed the pause to TechCrunch.", {"TechCrunch"}, "confirmed to"),
    ("middle", "In a statement to The Guardian, the firm said it had stopped.", {"The Guardian"}, "a statement to"),
    ("middle", "The memo, which was seen by Bloomberg News, gives no date.", {"Bloomberg News"}, "seen by"),
    ("middle", "The firm did not immediately respond to a Reuters request for comment.", {"Reuters"}, "it asked"),
    ("middle", "Reuters quoted a source as saying that the data had never been shared.", {"Reuters"}, "it quoted"),
    ("middle", "The state paper Global Times reported that the firms would come back.", {"Global Times"}, "a word for what it is before it"),
    ("middle", "The founder, speaking to the Financial Times, said he would not give in.", {"Financial Times"}, "speaking to"),
    ("middle", "The pause came to light in the Washington Post, which reported it on Sunday. The newspaper reported that others would follow.", {"Washington Post"}, "which reported it"),
    ("below", "AP Technology Writer", {"AP"}, "the agency and a role"),
    ("byline", "By Zen Soo, Associated Press Writer", {"Associated Press"}, "a role behind the agency"),
    ("byline", "By Reuters Staff", {"Reuters"}, "staff with By"),
    ("byline", "By Mona Leung / AFP", {"AFP"}, "behind a stroke"),
    ("byline", "Reuters • July 7, 2020 10:05am", {"Reuters"}, "with the day"),
    ("below", "From Bloomberg News", {"Bloomberg News"}, "from"),
    ("end", "Distributed by Tribune Content Agency, LLC", {"Tribune Content Agency"}, "a syndicate"),
    ("end", "(c) 2020, The Washington Post", {"The Washington Post"}, "a comma behind the year"),
    ("end", "First published in The Guardian on 7 July 2020.", {"The Guardian"}, "where it stood first"),
    ("end", "The-CNN-Wire™ & © 2020 Cable News Network, Inc., a WarnerMedia Company. All rights reserved.", {"Cable News Network"}, "an outlet's wire"),
    ("end", "AFP, Reuters", {"AFP", "Reuters"}, "two names and a comma"),
    ("end", "Additional reporting by Bloomberg and the Tidewater Gazette", {"Bloomberg", "Tidewater Gazette"}, "a list of helpers"),
    ("end", "Text: AFP", {"AFP"}, "whose text it is"),
    ("middle", "The agency's spokesman told Reuters, CNN and the BBC that it would wait.", {"Reuters", "CNN", "BBC"}, "a list"),
    ("middle", "It was interviewed by the French news agency AFP in June.", {"AFP"}, "what it is before the name"),
    ("middle", "According to Hong Kong's public broadcaster RTHK, the talks go on.", {"RTHK"}, "what and whose it is"),
    ("middle", "According to BuzzFeed News, the memo was sent on Sunday.", {"BuzzFeed News"}, "no list knows it"),
    ("middle", "The founder wrote in The Atlantic that he would not give in.", {"The Atlantic"}, "he wrote in it"),
    ("middle", "The Post, citing people who know the matter, said more would follow.", {"The Post"}, "it cites others"),
    ("middle", "One of them left in May, the Financial Times reported.", {"Financial Times"}, "the verb at the end"),
    ("middle", "“Nothing was handed over,” it said in comments e-mailed to AFP.", {"AFP"}, "comments to"),
    ("middle", "The paper, The Harbour Gazette, first reported the move.", {"The Harbour Gazette"}, "between commas"),
    ("byline", "Reuters and The Associated Press", {"Reuters", "The Associated Press"}, "two of them wrote it"),
    ("middle", "Financial Times: The firm has been asked, and says little.", {"Financial Times"}, "in front of an entry"),
    ("middle", "The app told the reporter Mary Lam of Quartz that it would wait.", {"Quartz"}, "to a reporter of it"),
    ("middle", "Two firms have switched off their machines, reports the Wall Street Journal.", {"Wall Street Journal"}, "the verb in front"),
    ("middle", "A founder has spoken to Reuters about it.", {"Reuters"}, "has spoken"),
    ("end", "With a file from The Canadian Press", {"The Canadian Press"}, "one file"),
    ("end han", "（編譯自路透社）", {"路透社"}, "translated from, in brackets"),
    ("end", "First published on 7 July 2020 in The Guardian.", {"The Guardian"}, "the day before the name"),
    ("middle", "« Nous attendons », a déclaré un porte-parole cité par l’AFP.", {"AFP"}, "in French"),
    ("middle", "Selon Reuters, la pause doit durer.", {"Reuters"}, "in French, without an article"),
    ("middle", "Its founder said on CNBC that he would wait.", {"CNBC"}, "said on the air"),
    ("middle", "As the Guardian reported last week, two firms had left.", {"Guardian"}, "as it reported"),
    ("middle", "The spokeswoman said in a statement sent to Bloomberg that the law was being read.", {"Bloomberg"}, "sent to"),
    ("end", "Story by Agence France-Presse", {"Agence France-Presse"}, "a story by"),
    ("end", "Photos and text: Reuters", {"Reuters"}, "pictures and text"),
    ("middle han", "公司回覆《海灣日報》查詢時指，會繼續檢視。", {"海灣日報"}, "it answered its questions"),
    ("lead han", "路透社／香港　", {"路透社"}, "an agency and a place"),
    ("end han", "來源：海潮財經綜合", {"海潮財經"}, "a source that no list knows, put together"),
    ("middle han", "據CNN報道，公司正審視新法。", {"CNN"}, "a Latin name"),
    ("middle han", "發言人對CNN表示，會諮詢人權專家。", {"CNN"}, "said to a Latin name"),
    ("middle han", "據海潮財經報道，第三間公司亦會跟隨。", {"海潮財經"}, "no marks, no list"),
    ("middle han", "《紐約時報》和路透社均報道，公司已停止處理。", {"紐約時報", "路透社"}, "two of them"),
    ("end han", "（綜合路透社、法新社報道）", {"路透社", "法新社"}, "put together from two"),
    ("lead han", "（中央社香港7日電）", {"中央社"}, "an agency, a place and a day in brackets"),
    ("lead han", "（中央社）", {"中央社"}, "the agency alone"),
    ("lead han", "新華社北京7月7日電 ", {"新華社"}, "no brackets"),
    ("lead han", "【法新社】", {"法新社"}, "other brackets"),
    ("lead han", "（路透香港7日電）", {"路透"}, "the agency's short name"),
    ("lead han", "〔編譯陳小明／路透社報導〕", {"路透社"}, "behind the translator"),
    ("middle han", "據路透社報道，公司發言人拒絕評論。", {"路透社"}, "according to, with a verb of reporting"),
    ("middle han", "據《華爾街日報》，其中一間公司考慮撤出。", {"華爾街日報"}, "according to, in title marks"),
    ("middle han", "另據《潮汐時報》報道，第三間公司亦會跟隨。", {"潮汐時報"}, "no list knows the paper"),
    ("middle han", "發言人向法新社表示，暫停措施沒有期限。", {"法新社"}, "said to"),
    ("middle han", "創辦人接受《金融時報》訪問時說，不會屈服。", {"金融時報"}, "interviewed by"),
    ("middle han", "彭博社引述知情人士指，資料從未交出。", {"彭博社"}, "it quotes"),
    ("end han", "編譯自路透社", {"路透社"}, "translated from"),
    ("end han", "來源：新華社", {"新華社"}, "a source line"),
    ("end han", "（綜合外電）", {"綜合外電"}, "agencies without a name"),
    ("end han", "（法新社）", {"法新社"}, "a signature"),
    ("end han", "文章轉載自《潮汐時報》", {"潮汐時報"}, "reprinted from"),
]  # fmt: skip


@pytest.mark.parametrize("place, line, credited, why", CREDITS)
def test_a_credit_is_found_with_its_words(place, line, credited, why):
    found = find_credits(build_page(place, line))
    assert set(found) == credited, why


NO_CREDITS = [
    # (place, line, why)
    ("middle", "Photo: Reuters", "a picture's"),
    ("middle", "Protesters in Hong Kong last week. REUTERS/Tyrone Siu", "a caption's"),
    ("below", "Photo by Anthony Wallace/AFP via Getty Images", "a picture's, above the text"),
    ("end", "Image credit: AP", "a picture's, below the text"),
    ("footer", "Follow us on Reuters Connect", "a button"),
    ("footer", "Related: Reuters reports record profit", "another article's headline"),
    ("middle", "A spokesman told Facebook users to be careful.", "users are no outlet"),
    ("middle", "The minister told the Legislative Council that the law was needed.", "a council"),
    ("middle", "A spokesperson told Parliament that the firms would be asked.", "a parliament"),
    ("middle", "According to Facebook, the review will take weeks.", "a company that only speaks"),
    ("middle", "The law, according to Human Rights Watch, goes too far.", "an NGO"),
    ("middle", "Reuters was blocked in the mainland years ago.", "an agency as an actor"),
    ("middle", "The New York Times said it would move part of its staff to Seoul.", "a paper about itself"),
    ("middle", "Bloomberg, which owns data terminals, has an office in the city.", "an owner"),
    ("middle", "The websites of the BBC and The Guardian cannot be opened there.", "they are blocked"),
    ("middle", "The firm told the Harbour Chronicle that it had stopped.", "the page's own outlet"),
    ("middle", "A report by Freedom House ranks the city low.", "an organisation's own report"),
    ("middle", "The Foreign Correspondents' Club told its members to wait.", "a club"),
    ("middle", "Telegram told users that it had never shared any data.", "users again"),
    ("middle", "Twitter reported a rise in requests from abroad.", "a company reports on itself"),
    ("byline", "By Mona Leung, Staff Reporter", "a role"),
    ("byline", "By Mona Leung, Harbour Chronicle", "the page's own outlet"),
    ("byline", "By Mona Leung, Technology Correspondent", "another role"),
    ("lead", "HONG KONG — ", "a place alone"),
    ("lead", "HONG KONG (Harbour Chronicle) — ", "the page's own dateline"),
    ("lead", "WASHINGTON (July 7) — ", "a day in brackets"),
    ("end", "Source: Facebook", "a company's own figures"),
    ("end", "Mona Leung is a reporter in Hong Kong.", "a note on the writer"),
    ("middle", "The firm told Guardian readers to be careful.", "its readers"),
    ("middle", "It was asked by the Independent Police Complaints Council.", "a body whose name begins like a paper's"),
    ("middle", "According to the Twitter Transparency Review, requests rose.", "a company's own publication"),
    ("middle", "The firm said it would give no data to Apple.", "a company"),
    ("middle", "Bloomberg reported revenue of ten billion dollars.", "an outlet's own figures"),
    ("middle", "The report from The Hague came as a surprise.", "a place"),
    ("middle", "The Post Office told its staff to wait.", "a post office"),
    ("middle", "A man sold copies of the Financial Times near the station.", "a paper on sale"),
    ("middle", "The minister told the Hong Kong Journalists Association to wait.", "an association"),
    ("middle", "According to a report by the Committee to Protect Journalists, jails fill.", "a committee"),
    ("middle", "The statement to the Hong Kong Stock Exchange gave no date.", "an exchange"),
    ("middle", "Officials told Beijing that the law worked.", "a capital"),
    ("middle", "The lawyer told Wong that he should leave.", "a person"),
    ("middle", "In an interview with Durov, the app's maker, nothing was said.", "a person"),
    ("middle han", "據香港電腦學會報告，要求有所增加。", "a society's report"),
    ("middle han", "《蘋果日報》創辦人被捕，警方搜查大樓。", "a paper as an actor"),
    ("lead", "10:45 (Tue) — ", "a weekday in brackets"),
    ("end han", "圖：樣本圖片社", "a picture agency"),
    ("byline", "First published on Tue 7 Jul 2020 08.14 HKT", "a day, no outlet"),
    ("middle", "Journalists at Reuters and Bloomberg moved out of the city.", "they moved"),
    ("middle", "The fund sold its shares in The New York Times Company.", "shares of the owner"),
    ("middle", "Its founder said on Monday that he would wait.", "a day"),
    ("middle han", "警方向《蘋果日報》員工發出警告。", "a warning to its staff"),
    ("middle han", "公司對法新社記者在場感到意外。", "a reporter was there"),
    ("middle han", "《香港國安法》上月底生效，條文指明警方可要求公司提供資料。", "a law in title marks"),
    ("middle han", "據公司報告，去年共有數十宗要求。", "a company's own report"),
    ("middle han", "路透社網站在內地被封鎖多年。", "an agency as an actor"),
    ("lead han", "【本報訊】", "the page's own report"),
    ("lead han", "〔記者陳小明／綜合報導〕", "the page's own reporter"),
    ("middle han", "發言人向用戶表示，資料從未交出。", "said to users"),
    ("middle han", "圖：路透社", "a picture's"),
]  # fmt: skip


@pytest.mark.parametrize("place, line, why", NO_CREDITS)
def test_what_only_names_an_outlet_is_no_credit(place, line, why):
    assert not find_credits(build_page(place, line)), why


AUTHORS = [
    # (byline, authors, why)
    ("By Zen Soo, The Associated Press", ["Zen Soo"], "the agency wrote nothing by itself"),
    ("By Mona Leung and Peter Ho, Bloomberg", ["Mona Leung", "Peter Ho"], "two persons"),
    ("By AFP", ["AFP"], "there is nobody else"),
]


@pytest.mark.parametrize("byline, authors, why", AUTHORS)
def test_an_outlet_beside_a_writer_is_no_author(byline, authors, why):
    article = Article(id="page", text=build_page("byline", byline), sha256="", text_sha256="")
    marks = clean_article(article, CODEBOOK)
    assert [mark.code for mark in marks if mark.variable == "author"] == authors, why

"""Since when a position holds: only events and dates of its own clause say so."""

import pytest

from support.coded_texts import list_attributes

TOPIC = "The Hong Kong police ask internet companies for user data.\n"
# (why, text, announced_on, effective_from); pages of Tuesday 7 July 2020, the law took effect on 30 June at 23:00
TIMES = [
    # ---- the event is in the position's own clause
    ("own clause", "Discord paused data requests from the police when the national security law took effect.", "", "EVENT"),
    ("own clause, before", "When the national security law took effect, Dropbox suspended the processing of data requests from the police.", "", "EVENT"),
    ("since", "Pinterest has refused to answer requests for user data from the police since the national security law came into force.", "", "EVENT"),
    ("own clause of a saying", "Snap said that it had stopped processing data requests from the police as soon as the national security law took effect.", "", "EVENT"),
    # ---- a participle behind a comma, and what stands in it, is another clause
    ("participle", "Slack will no longer hand user data to the police, replacing a measure that it had called temporary when the national security law took effect.", "", ""),
    ("participle of saying", "Reddit will not give user data to the police, repeating what it had said when the national security law took effect.", "", ""),
    ("participle of judging", "LINE has stopped handing user data to the police, making permanent what had been a pause when the national security law came into force.", "", ""),
    # ---- a relative clause of something else
    ("relative clause of a measure", "Viber will no longer process data requests from the police under a policy that it wrote when the national security law took effect.", "", ""),
    ("relative clause of a measure, dated", "Viber will no longer process data requests from the police under a policy that it wrote in June.", "", ""),
    ("relative clause of users", "Zoom has suspended data requests from the police about users who left the city when the national security law took effect.", "", ""),
    ("relative clause of the police", "Cisco is pausing requests for user data from the police, which got new powers when the national security law took effect.", "", ""),
    ("said on a day, of another act than the relative clause's", "Slack, which stopped responding to data requests from the police, said on Monday that nothing had changed.", "", ""),
    # ---- a comparison, a reason
    ("reason", "Yahoo has paused data requests from the police because its users were afraid when the national security law took effect.", "", ""),
    ("unlike", "Amazon will refuse data requests from the police, unlike Discord, which answered them until 30 June.", "", ""),
    # ---- dates of the clause itself stay
    ("said on a day", "Dropbox said on Monday that it would no longer hand user data to the police, ending a measure that it had called temporary when the national security law took effect.", "2020-07-06", ""),
    ("a pronoun behind its day", "Yahoo is popular in the city. On 6 July 2020 it paused data requests from the police.", "", "2020-07-06"),
    ("since a day", "Slack has suspended data requests from the police since 1 July, a measure that it called temporary.", "", "2020-07-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "text", "announced_on", "effective_from"), TIMES, ids=[row[0] for row in TIMES]
)
def test_a_position_holds_since_what_its_own_clause_says(why, text, announced_on, effective_from):
    found = list_attributes(TOPIC + text, "2020-07-07")
    given = found.get("effective_from", "")
    assert found.get("announced_on", "") == announced_on, why
    if effective_from == "EVENT":
        assert given.startswith("2020-06-30"), why
    else:
        assert given == effective_from, why

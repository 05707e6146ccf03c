"""Who says what, with what stance, and the proposition that is scored."""

import json
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contradict.cues import load_cues
from contradict.records import STANCES, Document
from contradict.statements import split_document


@pytest.fixture(scope="module")
def split(language):
    def split(text, markup="plain"):
        document = Document("a.txt", text, markup=markup, date="2015-10-02")
        return split_document(language.parse(document))

    return split


def brief(statements):
    return [(s.holder, s.stance, s.proposition) for s in statements]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The minister said that the road was closed.",
            [("minister", "asserts", "The road was closed.")],
            id="that-clause",
        ),
        pytest.param(
            "The road was closed, the minister said.",
            [("minister", "asserts", "The road was closed.")],
            id="cue behind",
        ),
        pytest.param(
            "According to the police, three men were arrested.",
            [("police", "asserts", "Three men were arrested.")],
            id="according to",
        ),
        pytest.param(
            "The road, the minister said, will not reopen.",
            [("minister", "asserts", "The road will not reopen.")],
            id="cue in the middle",
        ),
        pytest.param(
            "Three men were arrested.",
            [(None, "asserts", "Three men were arrested.")],
            id="own voice",
        ),
        pytest.param(
            "Is the bank safe?", [(None, "questions", "The bank is safe?")], id="question"
        ),
        pytest.param(
            "If the road closes, the shop will fail.",
            [(None, "hypothesizes", "If the road closes, the shop will fail.")],
            id="condition",
        ),
        pytest.param(
            "Officials denied that the plant had leaked.",
            [("officials", "denies", "The plant had leaked.")],
            id="denial",
        ),
        pytest.param(
            "Israel denied bombing the hospital.",
            [("Israel", "denies", "Israel was bombing the hospital.")],
            id="denial by gerund",
        ),
        pytest.param(
            "Iran denies having bombed the hospital.",
            [("Iran", "denies", "Iran had bombed the hospital.")],
            id="denial by perfect gerund",
        ),
        pytest.param(
            "The company denied any role in the spill.",
            [("company", "denies", "The company had a role in the spill.")],
            id="denial by noun",
        ),
        pytest.param(
            "He laughed off reports that the bank had failed.",
            [
                (None, "reports", "The bank had failed."),
                ("he", "denies", "The bank had failed."),
            ],
            id="laughed off reports",
        ),
        pytest.param(
            "The claim that the bank had failed is false.",
            [(None, "denies", "The bank had failed.")],
            id="called false",
        ),
        pytest.param(
            "Smith did not deny that the bank had failed.",
            [("Smith", "reports", "The bank had failed.")],
            id="not a denial",
        ),
        pytest.param(
            "Police could not rule out that the bank had failed.",
            [("police", "hypothesizes", "The bank had failed.")],
            id="could not rule out",
        ),
        pytest.param(
            "The mayor no longer denies that the bank had failed.",
            [("mayor", "reports", "The bank had failed.")],
            id="no longer denies",
        ),
        pytest.param(
            "Smith does not believe that the bank had failed.",
            [("Smith", "denies", "The bank had failed.")],
            id="does not believe",
        ),
        pytest.param(
            "The senator accused Mr. Jones of taking bribes.",
            [("senator", "asserts", "Mr. Jones was taking bribes.")],
            id="accusation",
        ),
        pytest.param(
            "The driver was accused of taking bribes.",
            [(None, "reports", "The driver was taking bribes.")],
            id="accusation by nobody",
        ),
        pytest.param(
            "No one believes that the bank had failed.",
            [(None, "reports", "The bank had failed.")],
            id="nobody",
        ),
        pytest.param(
            "It is said that the bank had failed.",
            [(None, "reports", "The bank had failed.")],
            id="impersonal",
        ),
        pytest.param(
            "Moscow repeated its denial that it was doing anything but targeting “terrorists”.",
            [("Moscow", "asserts", "Moscow was only targeting terrorists.")],
            id="anything but",
        ),
        pytest.param(
            "He reiterated Moscow’s denial that it was doing anything but targeting “terrorists”.",
            [
                (
                    "he",
                    "asserts",
                    "He reiterated Moscow's denial that Moscow was doing anything but targeting terrorists.",
                ),
                ("Moscow", "asserts", "Moscow was only targeting terrorists."),
            ],
            id="nested: both holders",
        ),
        pytest.param(
            "Ann Smith has not said whether she will stand.",
            [("Ann Smith", "questions", "Ann Smith will stand?")],
            id="has not said whether",
        ),
        pytest.param(
            "It is unclear whether the road will reopen.",
            [(None, "questions", "The road will reopen?")],
            id="unclear whether",
        ),
        pytest.param(
            "He poured cold water on suggestions that the bank had failed.",
            [
                (None, "reports", "The bank had failed."),
                ("he", "denies", "The bank had failed."),
            ],
            id="several words make a cue",
        ),
        pytest.param(
            "There is no truth in the claim that the bank had failed.",
            [(None, "denies", "The bank had failed.")],
            id="no truth in",
        ),
        pytest.param(
            "The claim that the bank had failed is without merit.",
            [(None, "denies", "The bank had failed.")],
            id="without merit",
        ),
        pytest.param(
            "It is false that the bank had failed, Smith said.",
            [("Smith", "denies", "The bank had failed.")],
            id="it is false that, somebody said",
        ),
        pytest.param(
            "The minister described the report as a fabrication.",
            [("minister", "denies", "The report is true.")],
            id="called false",
        ),
        pytest.param(
            "The suspect is said to own three houses.",
            [(None, "reports", "The suspect owns three houses.")],
            id="is said to",
        ),
        pytest.param(
            "Critics blamed the ministry for the leak.",
            [("critics", "asserts", "The ministry was responsible for the leak.")],
            id="blamed for",
        ),
        pytest.param(
            "Smith denied the murder.",
            [("Smith", "denies", "Smith was responsible for the murder.")],
            id="denied a deed",
        ),
        pytest.param(
            "The judge denied bail to Smith.",
            [("judge", "asserts", "The judge denied bail to Smith.")],
            id="denied bail",
        ),
        pytest.param(
            "Officials denied that the plant had leaked or that the river had risen.",
            [
                ("officials", "denies", "The plant had leaked."),
                ("officials", "denies", "The river had risen."),
            ],
            id="to deny either is to deny both",
        ),
        pytest.param(
            "The party was left by Ann Smith, who denied that the road was closed.",
            [
                (
                    None,
                    "asserts",
                    "The party was left by Ann Smith, who denied that the road was closed.",
                ),
                ("Ann Smith", "denies", "The road was closed."),
            ],
            id="who",
        ),
        pytest.param(
            "The mayor may close the road.",
            [(None, "hypothesizes", "The mayor may close the road.")],
            id="may",
        ),
        pytest.param(
            "“I have never lied,” Ann Smith said.",
            [("Ann Smith", "asserts", "Ann Smith has never lied.")],
            id="I",
        ),
    ],
)
def test_attribution_and_stance(split, text, expected):
    """Each construction gives its speaker, stance and proposition."""
    assert brief(split(text)) == expected


@pytest.mark.parametrize(
    ("text", "denial"),
    [
        (
            "Prosecutors say the firm bribed a judge. The allegations were denied by the ministry.",
            ("ministry", "denies", "The firm bribed a judge."),
        ),
        (
            "It was nonsense, he told the jury, that a trip to Madeira had been a reward.",
            ("he", "denies", "A trip to Madeira had been a reward."),
        ),
        (
            "It was untrue, the office said, that Mr Smith had stayed at the villa.",
            ("office", "denies", "Mr Smith had stayed at the villa."),
        ),
        (
            "What she does deny, her solicitor said, is that a penny was stolen.",
            ("she", "denies", "A penny was stolen."),
        ),
        (
            "The rejection by Ostrava Systems of any suggestion that its cameras send pictures abroad came later.",
            ("Ostrava Systems", "denies", "Its cameras send pictures abroad."),
        ),
        (
            "Smith pleaded not guilty to taking a bribe.",
            ("Smith", "denies", "Smith was taking a bribe."),
        ),
        (
            "Smith pleaded not guilty on Monday to lying to them.",
            ("Smith", "denies", "Smith was lying to them."),
        ),
        (
            "It is simply not true that the roof is unsafe, said Smith.",
            ("Smith", "denies", "The roof is unsafe."),
        ),
        (
            "A review has cleared the bursar of pocketing money.",
            ("review", "denies", "The bursar was pocketing money."),
        ),
        (
            "Himal Trails issued a denial of wrongdoing.",
            ("Himal Trails", "denies", "Himal Trails was responsible for wrongdoing."),
        ),
        (
            "Ms Bruno denounced as a smear the claim that the villa was built without a permit.",
            ("Bruno", "denies", "The villa was built without a permit."),
        ),
        (
            "Both companies deny colluding to fix the price.",
            ("both companies", "denies", "Both companies were colluding to fix the price."),
        ),
        (
            "Police said that Smith was drunk. Smith says that’s untrue.",
            ("Smith", "denies", "Smith was drunk."),
        ),
        (
            "It is a myth that the city banned cars.",
            (None, "denies", "The city banned cars."),
        ),
        (
            "Smith pleaded not guilty to murder.",
            ("Smith", "denies", "Smith was responsible for murder."),
        ),
        (
            "Ms Smith dismissed as fantasy any tie between the two banks.",
            ("Smith", "denies", "Smith had a tie between the two banks."),
        ),
        (
            "Critics say the bank has lost money, a charge that Ms Smith has always denied.",
            ("Smith", "denies", "The bank has lost money."),
        ),
        (
            "Police said Smith was drunk. Officials disputed that characterization.",
            ("officials", "denies", "Smith was drunk."),
        ),
        (
            "Smith paid the man, according to police. The defense calls that a fabrication.",
            ("defense", "denies", "Smith paid the man."),
        ),
        (
            "Smith said the election was stolen. The claim is false.",
            (None, "denies", "The election was stolen."),
        ),
        (
            "He said the army had never fired, dismissing the idea that it had a plan.",
            ("he", "denies", "It had a plan."),
        ),
        (
            "Smith denied that he took money, that he paid anyone, or that he was there.",
            ("Smith", "denies", "Smith paid anyone."),
        ),
        (
            "“The idea that I would sell my vote,” Ann Smith said, “is a lie.”",
            ("Ann Smith", "denies", "Ann Smith would sell her vote."),
        ),
        (
            "Police said that Mr Smith had fled. His lawyer says otherwise.",
            ("Smith's lawyer", "denies", "Mr Smith had fled."),
        ),
        (
            "Police said that Mr Smith had fled. Officials called the claim a smear.",
            ("officials", "denies", "Mr Smith had fled."),
        ),
        (
            "Critics say the bank lost money. Ann Smith said the allegations had no substance.",
            ("Ann Smith", "denies", "The bank lost money."),
        ),
        (
            "Claims that the bank lost money do not hold water, Ann Smith said.",
            ("Ann Smith", "denies", "The bank lost money."),
        ),
        (
            "It was wrongly reported that the firm had refused to pay.",
            (None, "denies", "The firm had refused to pay."),
        ),
        (
            "CLAIM: The city has banned dogs. VERDICT: False.",
            (None, "denies", "The city has banned dogs."),
        ),
        (
            "Critics say that the fund rewarded its donors, a charge that Ann Smith has faced and has always denied.",
            ("Ann Smith", "denies", "The fund rewarded its donors."),
        ),
        (
            "The hills are occupied land, although Israel disputes this.",
            ("Israel", "denies", "The hills are occupied land."),
        ),
        (
            "Without hesitation, Ann Smith denied that the bank had failed.",
            ("Ann Smith", "denies", "The bank had failed."),
        ),
        (
            "Ann Smith denied any direct involvement in the attack.",
            ("Ann Smith", "denies", "Ann Smith had a direct involvement in the attack."),
        ),
        (
            "Ann Smith described the claim that the dam had cracked as “complete nonsense”.",
            ("Ann Smith", "denies", "The dam had cracked."),
        ),
        (
            "Ann Smith said it was “simply untrue” that the dam had cracked.",
            ("Ann Smith", "denies", "The dam had cracked."),
        ),
        (
            "The ministry issued a denial that the dam had cracked.",
            ("ministry", "denies", "The dam had cracked."),
        ),
        (
            "There's not a shred of truth in the claim that the dam cracked, said Ann Smith.",
            ("Ann Smith", "denies", "The dam cracked."),
        ),
        (
            "Two ministers scoffed at the idea of a spring poll.",
            ("two ministers", "denies", "There is a spring poll."),
        ),
        (
            "It is nonsense to say that the port has been sold, Ann Smith said.",
            ("Ann Smith", "denies", "The port has been sold."),
        ),
        (
            "It was a lie, Ann Smith said, that the port had lost money.",
            ("Ann Smith", "denies", "The port had lost money."),
        ),
        (
            "Ann Smith called it a slander that the port had been sold.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "That the port was sold is a fib, said Ann Smith.",
            ("Ann Smith", "denies", "The port was sold."),
        ),
        (
            "Ann Smith said that Bob Jones was wrong to say the port had been sold.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "There is no truth to the rumour that the port had been sold, Ann Smith said.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "Ann Smith called claims that the port had been sold “fake news”.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "Ann Smith branded the claim that the port had been sold “a cruel joke”.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "Ann Smith poured scorn on testimony that the port had been sold.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "Ann Smith has never accepted the finding that the port was sold.",
            ("Ann Smith", "denies", "The port was sold."),
        ),
        (
            "Ann Smith says talk of a rift is nonsense.",
            ("Ann Smith", "denies", "There is a rift."),
        ),
        (
            "Ann Smith took issue with the figure of 2 million workers.",
            ("Ann Smith", "denies", "There are 2 million workers."),
        ),
        (
            "Ann Smith would not have it that the port had been sold.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "Critics say the port has been sold. Ann Smith said the allegations were without merit.",
            ("Ann Smith", "denies", "The port has been sold."),
        ),
        (
            "Prosecutors say the firm bribed a judge — a claim the firm has called preposterous.",
            ("firm", "denies", "The firm bribed a judge."),
        ),
        (
            "“There is not a word of truth in it,” Ann Smith said of a claim that the port had been sold.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "“Utter rot,” snapped Ann Smith, when asked whether the port had been sold.",
            ("Ann Smith", "denies", "The port had been sold."),
        ),
        (
            "The ministry has been at pains to deny that talks are under way.",
            ("ministry", "denies", "Talks are under way."),
        ),
        (
            "The palace took the unusual step of denying that the king was ill.",
            ("palace", "denies", "The king was ill."),
        ),
        (
            "The club issued a statement denying that the striker had been sold.",
            ("club", "denies", "The striker had been sold."),
        ),
        (
            "The ministry had spent months pushing back against claims that the letters were secret.",
            ("ministry", "denies", "The letters were secret."),
        ),
        (
            "The judge fined the broker for denying that the bank had failed.",
            ("broker", "denies", "The bank had failed."),
        ),
        (
            "Ann Smith has vigorously denied any role in the attacks.",
            ("Ann Smith", "denies", "Ann Smith had a role in the attacks."),
        ),
        ("Ann Smith denied climate change.", ("Ann Smith", "denies", "Climate change is real.")),
        (
            "Ann Smith ruled out making a bid for the bank.",
            ("Ann Smith", "denies", "Ann Smith will make a bid for the bank."),
        ),
        (
            "The firm ruled out being drawn into a price war.",
            ("firm", "denies", "The firm will be drawn into a price war."),
        ),
        (
            "Ann Smith was charged with murder, which she denies.",
            ("Ann Smith", "denies", "Ann Smith was responsible for murder."),
        ),
        (
            "The airline blamed the pilot for the crash, an explanation his family does not accept.",
            ("his family", "denies", "The pilot was responsible for the crash."),
        ),
        ("The senator spread baseless allegations of fraud.", (None, "denies", "There is fraud.")),
        (
            "Ann Smith called the idea that Bob Jones had anything to prove a “ridiculous proposition,” adding that "
            "she was tired.",
            ("Ann Smith", "denies", "Bob Jones had anything to prove."),
        ),
        (
            "Cleveland (AFP) – The ministry denied that the bridge was unsafe.",
            ("ministry", "denies", "The bridge was unsafe."),
        ),
        (
            "Moscow said the jets had not hit the school, but witnesses said they had.",
            ("witnesses", "denies", "The jets had not hit the school."),
        ),
        (
            "The suspect is not thought to have links to gangs.",
            (None, "denies", "The suspect has links to gangs."),
        ),
        (
            "The firm apologised but denied that staff had been negligent.",
            ("firm", "denies", "Staff had been negligent."),
        ),
        (
            "The vice-president ruled out running in 2028.",
            ("vice-president", "denies", "The vice-president will run in 2028."),
        ),
        (
            "The ministry disputed the figure of 200,000 deaths.",
            ("ministry", "denies", "There are 200,000 deaths."),
        ),
        (
            "Critics say the port has been sold. Ann Smith described the allegations as nonsense.",
            ("Ann Smith", "denies", "The port has been sold."),
        ),
        ("The bank was cleared of fraud.", (None, "denies", "The bank was responsible for fraud.")),
        (
            "The claim that the port was always safe is not true, Ann Smith said.",
            ("Ann Smith", "denies", "The port was always safe."),
        ),
        (
            "Critics say the port has been sold. The ministry will not accept the allegation.",
            ("ministry", "denies", "The port has been sold."),
        ),
        (
            "Critics say the port has been sold. “That is not what the papers show,” Ann Smith said.",
            ("Ann Smith", "denies", "The port has been sold."),
        ),
        (
            "Critics said the plan was cruel. Ann Smith rejected that criticism.",
            ("Ann Smith", "denies", "The plan was cruel."),
        ),
        (
            "Critics say the port has been sold. Ann Smith said that rumour was false.",
            ("Ann Smith", "denies", "The port has been sold."),
        ),
        (
            "The army said no soldiers were killed. The rebels said they were.",
            ("rebels", "denies", "No soldiers were killed."),
        ),
        (
            "Norvex AG rose, dismissing a newspaper report that it was close to a merger.",
            ("Norvex AG", "denies", "Norvex AG was close to a merger."),
        ),
        (
            "The company denied that it had hidden the deaths.",
            ("company", "denies", "The company had hidden the deaths."),
        ),
    ],
)
def test_denials(split, text, denial):
    """What is denied in roundabout ways is a denial by whoever denies it, of what is denied."""
    found = brief(split(text))
    assert denial in found
    assert sum(stance == "denies" for _, stance, _ in found) in (1, 3)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Was it a red card? “No,” said Frank Dillon.", "It was a red card."),
        ("Has the ceasefire collapsed? Far from it, insisted Ann Smith.", "The ceasefire has collapsed."),
        ("Has Ann Smith ever applied for one? “Never,” said the minister.", "Ann Smith has applied for one."),
        ("“Did you touch him?” asked the prosecutor. “No, I did not,” Mr Smith said.", "Smith did touch him."),
        ("“Was the bridge hit by a missile?” a reporter asked. “That is not true,” the governor said.",
         "The bridge was hit by a missile."),
    ],
)  # fmt: skip
def test_answers_deny_what_was_asked(split, text, denied):
    """A denying answer denies the question as a claim, whoever asked it."""
    question, answer = split(text)
    assert (question.stance, answer.stance, answer.proposition) == ("questions", "denies", denied)
    assert answer.holder is not None
    assert answer.quoted == ("“" in text)


@pytest.mark.parametrize(
    "answer",
    ["Ann Smith, the mayor, said it was.", "“It was,” said Ann Smith.", "Ann Smith says yes."],
)
def test_an_answer_affirms_what_was_asked(split, answer):
    """ "It was", of somebody, is the question as a claim; nothing where nobody has asked."""
    question, affirmed = split(f"Was the bridge hit by a missile? {answer}")
    assert (question.stance, affirmed.stance) == ("questions", "asserts")
    assert affirmed.holder == "Ann Smith"
    assert affirmed.proposition == "The bridge was hit by a missile."
    assert split("Ann Smith said it was.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Mr Smith has not denied that money was moved, nor has he ever disputed that he was paid.",
        "“Never,” said the minister.",
        "Who paid the man? “No,” said the minister.",
        "Smith pleaded guilty to murder.",
        "The government denied his party the victory.",
        "Lavrov denied þ»",
        "There’s no denying that the roof is unsafe, said Smith.",
        "The No campaign has not denied that the bank failed.",
        "Smith did little to dispel the notion that he is on his way out.",
        "Few deny that the dam has cracked.",
        "Ann Smith challenged the ruling that the dam must close.",
        "Ann Smith cast doubt on the claim that the port had been sold.",
        "Ann Smith rejected a plan to sell the port.",
        "Ann Smith withdrew her claim that the port had been sold.",
        "The idea that the port lost money is troubling, Ann Smith said.",
        "Critics say the port has been sold. “False alarms,” said Ann Smith, “are common.”",
        "Voters angered Brussels by rejecting a treaty favoured by the main parties that would tie them to it.",
        "“I can’t believe he said that the port was sold,” Ann Smith said.",
        "“I cannot believe how civil it has been up here,” Ann Smith said.",
        "The firm has doubled its profit. “You won’t believe it,” Ann Smith said.",
        "You can’t just show up at the vote and think that’s enough.",
        "People have always discounted what my teams can do.",
        "Bob Jones supports the ban. “This is not what we need in a president,” Ann Smith said.",
        "The ban will go ahead. Ann Smith planned to challenge those assumptions.",
        "Bob Jones was there. He was not feeling it.",
        "Party leaders worked to clear the field of challengers.",
        "Ann Smith has chosen to shrug off recent attacks from the candidate.",
        "Some have said that Bob Jones should not have accepted it.",
        "Critics say the port has been sold. Ann Smith refuses to accept this as normal.",
        "There’s no question Ann Smith could name somebody well qualified.",
        "The court denied class-action status to employees of the shop.",
        "Politicians agree that the tax should fall, but disagree on how it should happen.",
        "Ann Smith could not reply when he accused her of an “artful smear” over the port.",
        "Critics say the port has been sold. “That is a false economy,” Ann Smith said.",
        "Critics say the port has been sold. But that’s not always the case.",
        "Critics say the port has been sold. I will ask if it hasn’t.",
        "Should the port be sold? Yes 42 %. No 58 %.",
        "Ann Smith described the talks as frank.",
        "The union said the firm failed because it had no money, and the bank said it did.",
        "The firm plans to close the mine. The union will not accept it.",
        "Fans could not believe this news.",
        "The plan would cut jobs, critics say. “This is not what I signed up for,” Ann Smith said.",
        "Troops cleared the villages of militants.",
        "The regime denied food to prisoners.",
        "A judge dismissed charges of murder against Ann Smith.",
        "Ann Smith vowed to dispel the claims.",
    ],
)
def test_what_denies_nothing(split, text):
    """No denial where none is made, or where nobody knows of what."""
    assert all(statement.stance != "denies" for statement in split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The mayor pointedly rejected the allegation that the dam had cracked.",
            [
                (
                    None,
                    "reports",
                    "The mayor pointedly rejected the allegation that the dam had cracked",
                ),
                ("mayor", "denies", "the dam had cracked"),
            ],
            id="unnamed claim",
        ),
        pytest.param(
            "The minister dismissed Ann Smith's claim that the dam had cracked.",
            [
                (
                    "Ann Smith",
                    "asserts",
                    "The minister dismissed Ann Smith's claim that the dam had cracked",
                ),
                ("minister", "denies", "the dam had cracked"),
            ],
            id="named claim",
        ),
        pytest.param(
            "The minister contested a union allegation that the dam had cracked.",
            [
                (
                    "union",
                    "asserts",
                    "The minister contested a union allegation that the dam had cracked",
                ),
                ("minister", "denies", "the dam had cracked"),
            ],
            id="claim of a body",
        ),
        pytest.param(
            "Claims that the dam had cracked were dismissed by the ministry.",
            [
                (
                    None,
                    "reports",
                    "Claims that the dam had cracked were dismissed by the ministry",
                ),
                ("ministry", "denies", "the dam had cracked"),
            ],
            id="passive",
        ),
        pytest.param(
            "The minister falsely claimed that the dam had cracked.",
            [
                (None, "denies", "The minister falsely claimed that the dam had cracked"),
                ("minister", "asserts", "the dam had cracked"),
            ],
            id="falsely",
        ),
        pytest.param(
            "The leaflets contain the debunked claim that the dam had cracked.",
            [
                (
                    None,
                    "asserts",
                    "The leaflets contain the debunked claim that the dam had cracked",
                ),
                (None, "reports", "the debunked claim that the dam had cracked"),
                (None, "denies", "the dam had cracked"),
            ],
            id="debunked",
        ),
        pytest.param(
            "The study appears to refute Ann Smith's claim that the dam had cracked.",
            [
                (
                    "Ann Smith",
                    "asserts",
                    "The study appears to refute Ann Smith's claim that the dam had cracked",
                ),
                ("study", "hypothesizes", "the dam had cracked"),
            ],
            id="hedged",
        ),
        pytest.param(
            "The ministry denied that the dam had cracked.",
            [("ministry", "denies", "that the dam had cracked")],
            id="nobody claims it",
        ),
        pytest.param(
            "The ministry did not deny the claim that the dam had cracked.",
            [("ministry", "reports", "the claim that the dam had cracked")],
            id="no denial",
        ),
    ],
)
def test_who_denies_a_claim_answers_it(split, text, expected):
    """A denial of a claim is two statements of one proposition: the claim, and its denial."""
    statements = split(text)
    assert [(s.holder, s.stance, s.text) for s in statements] == expected
    about_the_dam = [s for s in statements if not s.text.startswith("The leaflets")]
    assert {s.proposition for s in about_the_dam} == {"The dam had cracked."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The election, Trump falsely claimed, was stolen.",
            {("Trump", "asserts")},
            id="cue in the midst",
        ),
        pytest.param(
            "Claims that the dam had cracked were dismissed, and the council closed the road.",
            {(None, "asserts"), (None, "reports")},
            id="another clause",
        ),
        pytest.param(
            "Ann Smith said that Bob Jones falsely claimed that the dam had cracked.",
            {("Ann Smith", "asserts"), ("Ann Smith", "denies"), ("Bob Jones", "asserts")},
            id="told by somebody",
        ),
        pytest.param(
            "The ministry dismissed the false claim that the dam had cracked.",
            {("ministry", "denies"), (None, "reports")},
            id="dismissed and false",
        ),
        pytest.param(
            "The mayor repeated the false claim that the dam had cracked.",
            {("mayor", "asserts"), (None, "denies")},
            id="repeated and false",
        ),
    ],
)
def test_claims_and_denials_keep_their_holders(split, text, expected):
    """Whoever is around a claim and its denial, both keep who holds them, and nothing is lost."""
    assert {(s.holder, s.stance) for s in split(text)} >= expected


def test_to_call_a_claim_the_truth_is_no_denial(split):
    """ "Is the truth" is the opposite of "there is no truth in it"."""
    statements = split("The claim that the bank had failed is the truth.")
    assert "denies" not in {s.stance for s in statements}


def test_a_quotation_belongs_to_its_speaker_in_every_sentence(split):
    """All sentences of a quotation, over several paragraphs, are said by whom a cue in one of them names."""
    statements = split(
        "“We came in the night.\n\n“Nobody was there. The door was open,” said Jane Doe, the mayor."
    )
    assert [(s.holder, s.quoted) for s in statements] == [("Jane Doe", True)] * 3


def test_names_are_resolved(split):
    """Surnames, descriptions and pronouns resolve to the name that introduced the person."""
    statements = split(
        "The Russian Foreign Minister Sergei Lavrov arrived on Monday. Mr Lavrov said the talks had failed. "
        "He said the war was over. The Russian foreign minister said the border was open."
    )
    assert [s.holder for s in statements] == [
        None,
        "Sergei Lavrov",
        "Sergei Lavrov",
        "Sergei Lavrov",
    ]


def test_a_subject_that_is_no_person_keeps_its_words(split):
    """What a union has done is not said of its chairwoman."""
    *_, statement = split(
        "Karin Holm, the union's chairwoman, spoke to reporters. She said the union had sent three letters."
    )
    assert (statement.holder, statement.proposition) == (
        "Karin Holm",
        "The union had sent three letters.",
    )


def test_words_whose_order_the_parse_turns_round_stay_in_order(split):
    """What is added to a word further back is part of the statement, with its comma."""
    (statement,) = split(
        "Ann Smith said the union had sent three letters to the ministry, the last of them in February."
    )
    assert statement.text.endswith("to the ministry, the last of them in February")
    assert statement.proposition == f"T{statement.text[1:]}."


def test_it_is_whoever_was_spoken_of_or_nobody(split):
    """ "It" is the subject before; where there is none, a suspicion is nobody's."""
    text = "The report ran to 300 pages. It suggests that the crew slept."
    assert split(text)[-1].holder == "report"
    (statement,) = split("It suspects that the crew slept.")
    assert (statement.speaker, statement.stance) == (None, "hypothesizes")


def test_what_stands_around_belongs_to_a_statement(split):
    """Quotation marks and "that" are in its words, and what nobody states is narrated at most."""
    text = "“We won,” Ann Smith said, adding that it was late."
    assert [s.text for s in split(text)] == ["“We won,”", "that it was late"]
    assert split("You can’t go out without hearing that Ann Smith won.")[-1].holder is None
    assert [s.stance for s in split("“If you’re a miner, it is over,” Ann Smith said.")] == [
        "asserts"
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "Asked why she had lied,",
        "When asked whether she had lied,",
    ],
)
def test_who_is_asked_asks_nothing(split, asked):
    """A question put to somebody is nobody's where nobody is named who puts it."""
    statements = split(f"{asked} Helen Moss said that she had been tired.")
    assert {s.holder for s in statements if s.stance == "questions"} == {None}
    assert ("Helen Moss", "asserts", "Helen Moss had been tired.") in brief(statements)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("“We had to find the life jackets ourselves,” one passenger said.", "The life jackets ourselves."),
        ("The sum, records of the audit committee show, was paid.", "records of the audit committee"),
    ],
)  # fmt: skip
def test_a_fragment_is_no_statement(split, text, fragment):
    """What the parser takes for a clause, or what only names a speaker, says nothing."""
    for statement in split(text):
        assert fragment not in (statement.text, statement.proposition)
        assert statement.text != "audit committee"


def test_one_surname_may_be_two_peoples(split):
    """People who share a surname stay apart, and the surname alone is who was named last."""
    statements = split(
        "Bill Clinton said the deal was good. Hillary Clinton said the deal was bad. "
        "Mrs. Clinton said the war was over. She said the deal was off."
    )
    assert [s.holder for s in statements] == ["Bill Clinton", *["Hillary Clinton"] * 3]


def test_a_title_tells_which_of_two_namesakes_is_meant(split):
    """ "Mrs Clinton" is nobody's husband, however often he is named."""
    text = (
        "Hillary Clinton took office when Bill Clinton had left it. Bill Clinton spoke, and Bill Clinton left. "
        "Mrs. Clinton said the letters were lost."
    )
    assert split(text)[-1].holder == "Hillary Clinton"


def test_common_nouns_are_named_alike_wherever_they_stand(split):
    """A description at the start of a sentence is the same speaker as further on."""
    first, second = split(
        "Doctors said the boy was ill. The day after, doctors said the boy was well."
    )
    assert first.holder == second.holder == "doctors"


def test_coordinated_clauses_share_their_subject(split):
    """A second verb phrase gets the subject of the first; each clause is a statement."""
    statements = split("The army took the bridge on Monday and burned the village.")
    assert [s.proposition for s in statements] == [
        "The army took the bridge on Monday.",
        "The army burned the village.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "The army did not take the bridge or burn the village.", id="negation over or"
        ),
        pytest.param(
            "The army will take the bridge and burn the village if it rains.", id="condition"
        ),
        pytest.param(
            "In 2010 the army took the bridge and burned the village.", id="time before both"
        ),
    ],
)
def test_what_scopes_over_both_clauses_keeps_them_together(split, text):
    """A clause is never cut from its negation or condition, nor from a time that it shares."""
    assert [s.proposition for s in split(text)] == [text]


def test_boilerplate_and_fragments_are_no_statements(split):
    """Comment boxes, bylines and fragments yield nothing."""
    assert split("By Jane Doe\n\nPlease enter your comment!\n\nShare this\n\nLondon, Monday") == []


def test_statements_carry_the_documents_name_and_date(split):
    """What is known of the document stands in each of its statements."""
    (statement,) = split("The bank had failed.")
    assert (statement.document, statement.date) == ("a.txt", "2015-10-02")


@pytest.mark.parametrize(
    "answer",
    [
        "“This is a lie,” said Bob Jones.",
        "Bob Jones rejected the allegation.",
        "“The claims are untrue,” said Bob Jones.",
        "“They did not,” said Bob Jones.",
        "Bob Jones denied it happened.",
        "Bob Jones said the claim was wrong.",
        "Bob Jones denied that this was true.",
    ],
)
def test_an_answer_denies_what_was_said_before(split, answer):
    """A denial that only points is a denial of the claim before it, in words that can be compared."""
    assert brief(split(f"Ann Smith said the ministers had taken bribes. {answer}")) == [
        ("Ann Smith", "asserts", "The ministers had taken bribes."),
        ("Bob Jones", "denies", "The ministers had taken bribes."),
    ]


@pytest.mark.parametrize(
    "denial",
    [
        "a claim the ministry denies",
        "a claim that the ministry strongly disputes",
        "an allegation the ministry has denied",
        "a charge rejected by the ministry",
        "which the ministry denies",
    ],
)
def test_what_is_added_to_a_claim_denies_it(split, denial):
    """A claim that somebody denies is named behind it; the claim itself is told without that."""
    assert brief(split(f"Ann Smith said that police had opened fire, {denial}.")) == [
        ("Ann Smith", "asserts", "Police had opened fire."),
        ("ministry", "denies", "Police had opened fire."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Smith says the vote was rigged, which the ministry denies.",
        "Ann Smith says the vote was rigged, which the ministry rejected.",
        "The ministry said Ann Smith’s claim that the vote was rigged was “fake news”.",
        "It was “simply not the case” that the vote was rigged, the ministry said.",
    ],
)
def test_common_ways_to_deny(split, text):
    """However the claim is brought up, it is the ministry that denies it, and nobody else."""
    statements = brief(split(text))
    assert ("ministry", "denies", "The vote was rigged.") in statements
    assert len([s for s in statements if s[1] == "denies"]) == 1


def test_contrary_to_what_somebody_said_is_what_he_denies(split):
    """The document says the opposite of what somebody said, so that he denies it."""
    assert brief(split("Contrary to what the minister said, no schools have closed.")) == [
        (None, "asserts", "No schools have closed."),
        ("minister", "denies", "No schools have closed."),
    ]


def test_who_goes_back_on_a_statement_says_both(split):
    """What is admitted later is admitted by who said the first, not by whom it was said of."""
    text = "Police initially said the man was armed but later admitted he was not."
    first, second = brief(split(text))
    assert first == ("police", "asserts", "The man was armed.")
    assert second[0] == "police"


def test_a_relative_pronoun_is_no_name(split):
    """Of "Ann Hart, whose office denies it", the office is Hart's."""
    *_, last = split("“We got no letter,” said Ann Hart, whose office denies any cover-up.")
    assert (last.holder, last.stance) == ("Ann Hart's office", "denies")


def test_what_a_relative_clause_says_is_of_whom_it_describes(split):
    """Of "who is alleged to have bought a horse", it is Jones who is said to have bought it."""
    text = "Bob Jones, who is alleged to have bought a horse, told the court he was innocent."
    reported = [s for s in brief(split(text)) if s[1] == "reports"]
    assert reported == [(None, "reports", "Bob Jones has bought a horse.")]


@pytest.mark.parametrize("saying", ["saying", "having said", "ever having claimed"])
def test_who_denies_having_said_something_does_not_say_it(split, saying):
    """It is told, but not as a claim of who denies it."""
    *_, last = split(f"Ann Smith denied {saying} that the war was lost.")
    assert (last.stance, last.proposition) == ("reports", "The war was lost.")


@pytest.mark.parametrize(
    "denied", ["all of the allegations", "both the allegations", "the allegations"]
)
def test_all_allegations_are_denied_like_one(split, denied):
    """How many of them are denied does not matter, nor that "he" is none of those who accuse him."""
    *_, last = split(f"Three women have accused the singer of assault; he has denied {denied}.")
    assert (last.holder, last.stance, last.proposition) == (
        "he",
        "denies",
        "The singer was responsible for assault.",
    )


def test_who_pleads_not_guilty_to_charges_denies_them(split):
    """What the charges say is denied, and nobody who is named brings them."""
    assert brief(split("Bob Jones pleaded not guilty to charges that he bribed a judge.")) == [
        (None, "reports", "Bob Jones bribed a judge."),
        ("Bob Jones", "denies", "Bob Jones bribed a judge."),
    ]


@pytest.mark.parametrize("called", ["it baseless", "it “meritless” and “improper”"])
def test_who_calls_a_report_false_denies_what_it_alleges(split, called):
    """What is added behind the report's claim is said by who attacks the report, not by the report."""
    text = f"The ministry slammed a report by a watchdog alleging that it had hidden deaths, calling {called}."
    assert brief(s for s in split(text) if s.holder)[-2:] == [
        ("watchdog", "asserts", "It had hidden deaths."),
        ("ministry", "denies", "It had hidden deaths."),
    ]


@pytest.mark.parametrize("denied", ["it happened in May", "it was safe", "she paid"])
def test_a_denial_that_says_more_keeps_its_words(split, denied):
    """What names a time, a property or a deed is denied itself, not the claim before it."""
    *_, last = split(
        f"Ann Smith said the ministers had taken bribes. Bob Jones denied that {denied}."
    )
    assert (last.holder, last.stance) == ("Bob Jones", "denies")
    assert "bribes" not in last.proposition


@pytest.mark.parametrize(
    ("text", "holder", "denied"),
    [
        pytest.param(
            "Mr Lindqvist rejected the suggestion that lifeboats had been launched too late.\n\n"
            "“Parliament was told that nobody had complained. That was false,” Tove Brandt said.",
            "Tove Brandt",
            "Nobody had complained.",
            id="what was told just before",
        ),
        pytest.param(
            "The Echo reported that Ms Moss had dined with Gareth Pike. “I have never met Mr Pike,” Ms Moss "
            "told reporters. She described the report as a fabrication.",
            "Moss",
            "Ms Moss had dined with Gareth Pike.",
            id="the report",
        ),
        pytest.param(
            "Mr Lind alleged that the land had gone to a friend. The council said the auction was public. "
            "Ms Falk denied the allegation.",
            "Falk",
            "The land had gone to a friend.",
            id="the allegation",
        ),
        pytest.param(
            "Carla Lind said the land was sold. Bob Jones said the auction was public. "
            "Ann Falk described Lind’s claim as a lie.",
            "Ann Falk",
            "The land was sold.",
            id="somebody's claim",
        ),
        pytest.param(
            "Mary Lind said the land was sold. John Jones said the auction was public. He rejected her claim.",
            "John Jones",
            "The land was sold.",
            id="her claim",
        ),
        pytest.param(
            "Bob Lind said the land was sold. John Jones rejected his claim.",
            "John Jones",
            "The land was sold.",
            id="his claim, and not his own",
        ),
        pytest.param(
            "Prosecutors said Bob Lind had demanded bribes. John Jones rejected the allegation.",
            "John Jones",
            "Bob Lind had demanded bribes.",
            id="an allegation that somebody demanded something",
        ),
        pytest.param(
            "Ann Smith said Russia attacked the convoy, which Moscow denies.",
            "Moscow",
            "Russia attacked the convoy.",
            id="a deed that is also a noun for claims",
        ),
        pytest.param(
            "John Jones rejected a string of allegations that he took bribes.",
            "John Jones",
            "John Jones took bribes.",
            id="a string of allegations",
        ),
        pytest.param(
            "Several websites reported that the oldest tree was cut down. The entire story appears to be a hoax.",
            None,
            "The oldest tree was cut down.",
            id="what seems false",
        ),
        pytest.param(
            "The Echo reported that Ann Cole was dead. The report turned out to be false.",
            None,
            "Ann Cole was dead.",
            id="what turned out to be false",
        ),
        pytest.param(
            "The Echo reported that Ann Cole was dead. The claim has since been proved false, her agent said.",
            "Ann Cole's agent",
            "Ann Cole was dead.",
            id="what was proved false",
        ),
        pytest.param(
            "Ann Lind said that Bob Jones had stolen the car. The rumour has been debunked.",
            None,
            "Bob Jones had stolen the car.",
            id="what has been debunked",
        ),
        pytest.param(
            "Ann Lind said that Bob Jones had stolen the car. The whole thing was a prank.",
            None,
            "Bob Jones had stolen the car.",
            id="the whole thing",
        ),
        pytest.param(
            "Reports that the oldest tree was cut down turned out to be a hoax.",
            None,
            "The oldest tree was cut down.",
            id="reports that turned out to be false",
        ),
    ],
)
def test_an_answer_denies_what_it_points_to(split, text, holder, denied):
    """What is denied is what the words point to, rather than whatever was claimed last."""
    assert brief(split(text))[-1] == (holder, "denies", denied)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ann Smith said the roof was safe. She denied it.", id="own words"),
        pytest.param(
            "Critics said the roof was unsafe. Ann Smith denied it. “That is a lie,” the critics said.",
            id="denial of a denial",
        ),
        pytest.param(
            "Critics said the roof was unsafe. “Tenants were told of a fire. That was false,” Ann Smith said.",
            id="what nobody knows was told",
        ),
    ],
)
def test_nobody_denies_what_he_says(split, text):
    """Where only somebody's own words, or a denial, could be meant, the last answer is tied to no claim."""
    *before, last = split(text)
    assert last.proposition not in {s.proposition for s in before}
    assert "denies" not in {s.stance for s in before if s.holder is None}


@pytest.mark.parametrize(
    ("text", "not_denied"),
    [
        pytest.param(
            "Mary Lind left. John Jones said he could not weigh in on her remarks, but his findings contradicted "
            "her remarks.",
            "John Jones could not weigh in on her remarks.",
            id="what somebody else said",
        ),
        pytest.param(
            "The mayor refuted a story about her claim that she had been offered a post.",
            "The mayor had been offered a post.",
            id="a claim that a story is about",
        ),
        pytest.param(
            "Ann Smith proposed that they debate on Monday, but Bob Jones rejected that.",
            "Ann Smith proposed that they debate on Monday.",
            id="a proposal",
        ),
        pytest.param(
            "Ann Smith said she had submitted a new proposal, which Bob Jones rejected.",
            "Ann Smith had submitted a new proposal.",
            id="what may be a thing to turn down",
        ),
        pytest.param(
            "The Echo said the bridge was closed. Ministers said the report was wrong about the cost.",
            "The bridge was closed.",
            id="a report that is wrong about something else",
        ),
        pytest.param(
            "Contrary to what Ann Smith feared, profits rose.", "Profits rose.", id="a fear"
        ),
        pytest.param(
            "The party campaigned against the tunnel. Its referendums ended in decisive “No” votes.",
            "The party campaigned against the tunnel.",
            id="a quoted word that says of what kind something is",
        ),
        pytest.param(
            "He is for the deal. President Ann Smith said she expected that voters will say “no” to his plans.",
            "He is for the deal.",
            id="a no to something",
        ),
        pytest.param(
            "The group worked for the party. Bob Jones spoke out against it, suggesting that “sweeping accusations” "
            "and “slander” had started to seep into politics.",
            "The group worked for the party.",
            id="slander of others",
        ),
        pytest.param(
            "The goals were met, the admiral said. The reports showed that the fleet was idle, an idea that was "
            "“completely untrue.”",
            "The goals were met.",
            id="what is called false in its own sentence",
        ),
        pytest.param(
            "The deal will play well. A deal that was rejected by large majorities will come back.",
            "The deal will play well.",
            id="a deal that was rejected",
        ),
        pytest.param(
            "His decision to wait hasn't sat well with others. “That is a problem,” said Ann Smith, “and I think he "
            "will.”",
            "His decision to wait hasn't sat well with others.",
            id="he will something else",
        ),
        pytest.param(
            "Ann Smith could have referred to the vote of May. She did not.",
            "Ann Smith could have referred to the vote of May.",
            id="what somebody could have done",
        ),
        pytest.param(
            "A third agree that the park should close; 17% strongly disagree.",
            "The park should close.",
            id="a share of those who were asked",
        ),
        pytest.param(
            "Some members probably would take issue with the suggestion that the dam is safe.",
            "The dam is safe.",
            id="what somebody would probably deny",
        ),
        pytest.param(
            "Ann Smith: Bob Jones’s view of the world is “dangerously wrong”.",
            "There is the world.",
            id="a view of the world",
        ),
        pytest.param(
            "Bob Jones said the judge was biased. “I disavow these comments,” Ann Smith said.",
            "The judge was biased.",
            id="comments that were made",
        ),
        pytest.param(
            "Ann Smith has rejected the idea of a farewell address.",
            "There is a farewell address.",
            id="an idea of something to do",
        ),
        pytest.param(
            "The trains ran late. The mayor blasted the call for a strike, calling it absurd.",
            "The trains ran late.",
            id="a call that is called absurd",
        ),
        pytest.param(
            "Ann Smith said it was plagiarism. His aides fumed and began to call the allegations absurd.",
            "His aides fumed and began to call the allegations absurd.",
            id="what those who deny it do beside",
        ),
    ],
)
def test_a_denial_of_something_else_denies_no_claim(split, text, not_denied):
    """What a denial is not about nobody denies, though it was claimed just before."""
    assert not_denied not in {s.proposition for s in split(text) if s.stance == "denies"}


@pytest.mark.parametrize(
    ("noun", "told"),
    [("notion", 1), ("idea", 1), ("rumour", 2), ("allegation", 2), ("critics’ view", 2)],
)
def test_a_denied_idea_need_be_nobodys_claim(split, noun, told):
    """Who rejects a notion denies it; only of a rumour, or of somebody's view, is it told that it was claimed."""
    assert len(split(f"Bob Jones rejected the {noun} that the dam was unsafe.")) == told


@pytest.mark.parametrize(
    ("text", "holder", "told"),
    [
        (
            "Smith blamed the network for reporting that Jones was ill. The network said that Smith's description was "
            "false.",
            "network",
            "Jones was ill.",
        ),
        (
            "The network was accused of claiming that Jones was ill.",
            "network",
            "Jones was ill.",
        ),
        (
            "Rivals were hard on Bob Jones, challenging Jones over his comments that the dam was safe.",
            "Bob Jones",
            "The dam was safe.",
        ),
    ],
)
def test_who_is_blamed_for_saying_something_says_it(split, text, holder, told):
    """What somebody is blamed, accused or challenged for saying is said by him, not by those who do that."""
    assert (holder, "asserts", told) in {(s.holder, s.stance, s.proposition) for s in split(text)}
    assert (holder, "denies", told) not in {
        (s.holder, s.stance, s.proposition) for s in split(text)
    }


def test_an_answer_to_nothing_stays_what_it_is(split):
    """Where nobody has claimed anything, "this is a lie" is a statement like others."""
    (statement,) = split("“This is a lie,” said Bob Jones.")
    assert (statement.stance, statement.proposition) == ("asserts", "This is a lie.")


@pytest.mark.parametrize(
    "verdict",
    [
        "The claim did not turn out to be true.",
        "The claim seems reasonable.",
        "The claim has not been debunked.",
    ],
)
def test_a_verdict_that_calls_nothing_false_denies_nothing(split, verdict):
    """What is open, or holds, is no denial of what was claimed."""
    statements = split(f"Ann Lind said that Bob Jones had stolen the car. {verdict}")
    assert [s.stance for s in statements] == ["asserts", "asserts"]
    assert statements[1].text == verdict.rstrip(".")


@pytest.mark.parametrize(
    "headline",
    [
        "Afghan Mother Kills 25 Taliban",
        "50ft crustacean, dubbed Crabzilla, photographed lurking off Whitstable",
        "Boko Haram leader dead – Nigerian army",
    ],
)
def test_a_headline_says_something_without_a_finite_verb(split, headline):
    """What heads a document is one statement of its own, whatever the parser makes of its telegram style."""
    (said, *_) = split(f"{headline}\n\nThe mayor denied that on Monday.")
    assert (said.text, said.stance, said.holder) == (headline, "asserts", None)


@pytest.mark.parametrize(
    "line",
    ["By John Smith, Staff Writer", "What next for the mayor?", "Letters from readers:", "Sport"],
)
def test_a_line_that_heads_nothing_says_nothing(split, line):
    """Bylines, questions, rubrics and single words make no statement."""
    assert [s.text for s in split(f"{line}\n\nThe mayor resigned on Monday.")] == [
        "The mayor resigned on Monday"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "Under the Lenz accord Karvia may not search an embassy",
        "Karvia may not search an embassy without the ambassador’s consent",
        "A driver has to halt at Brill even if the platform is deserted",
        "The diocese can sell the church whether its parishioners agree or not",
        "On Friday 10 May the jury had yet to reach a verdict",
    ],
)
def test_what_holds_in_any_case_is_asserted(split, rule):
    """What is allowed or forbidden, and what holds whatever happens, is no possibility."""
    assert [(s.stance, s.text) for s in split(f"{rule}.")] == [("asserts", rule)]


@pytest.mark.parametrize(
    "text",
    ["He may leave without a deal.", "The accord may not hold.", "He will resign if he loses."],
)
def test_what_may_be_is_supposed(split, text):
    """A possibility or a condition is no assertion."""
    assert [s.stance for s in split(text)] == ["hypothesizes"]


@pytest.mark.parametrize(
    ("text", "holder", "denied"),
    [
        pytest.param(
            "Clinton’s campaign is going to great lengths to quash any talk that she is ill.",
            "Clinton's campaign",
            "Clinton is ill.",
            id="goes to great lengths",
        ),
        pytest.param(
            "Ann Cole says the tweets accusing Alicia Machado of having a record are lies.",
            "Ann Cole",
            "Alicia Machado was having a record.",
            id="who accuses is called a liar",
        ),
        pytest.param(
            "Ann Cole said the fund was empty, which Tim Cook called nonsense.",
            "Tim Cook",
            "The fund was empty.",
            id="which somebody calls nonsense",
        ),
        pytest.param(
            "Several members said Bob Hall had one of them twirl. The Hall campaign called the charges "
            "unsubstantiated and fabricated by disgruntled employees.",
            "Hall campaign",
            "Bob Hall had one of them twirl.",
            id="called two things",
        ),
    ],
)
def test_who_denies_by_calling_it_false(split, text, holder, denied):
    """Whoever calls a claim false, or does all to have it so called, denies it."""
    assert (holder, denied) in [
        (s.holder, s.proposition) for s in split(text) if s.stance == "denies"
    ]


def test_what_the_document_says_is_denied_in_its_paragraph(split):
    """What stands in the paragraph before, in the document's own voice, is not what somebody calls false."""
    text = "The website rated this statement by Bob Hall:\n\nPolitiFact concluded his comments were “Mostly False.”"
    assert "denies" not in [s.stance for s in split(text)]


def test_what_is_rated_false_is_no_claim_before(split):
    """A share of many claims is not what was said last."""
    text = "Raj Shah said they are biased. PolitiFact rated 32% of the claims as “false” or worse."
    assert "denies" not in [s.stance for s in split(text)]


@pytest.mark.parametrize(
    ("text", "proposition"),
    [
        (
            "She said neither the nominee nor her campaign helped Ann Cole.",
            "Neither the nominee nor her campaign helped Ann Cole.",
        ),
        ("“I don't believe in the devil,” I said.", "I don't believe in the devil."),
        ("Nor did the firm find any fault.", "Nor did the firm find any fault."),
        (
            "The rich would see their after-tax incomes go up by as much as 19.9 percent, according to the Tax "
            "Foundation, more than twice what it projected.",
            "The rich would see their after-tax incomes go up by as much as 19.9 percent, more than twice what it "
            "projected.",
        ),
    ],
    ids=["neither", "I", "nor", "a bare infinitive"],
)
def test_nothing_is_lost(split, text, proposition):
    """No negation is cut off, no clause from what governs it, and "I" keeps its verb where nobody is named."""
    assert split(text)[0].proposition == proposition


def test_a_day_is_no_charge(split):
    """ "Cleared on Thursday" tells of what day, not of what."""
    assert [s.stance for s in split("The jury cleared Oke on Thursday 9 May.")] == ["asserts"]
    (said,) = split("They blamed the rebels on Monday for the explosion.")
    assert said.proposition == "The rebels were responsible for the explosion."


def test_telegram_style_further_down_says_nothing(split):
    """A caption or a list item is no headline."""
    text = "The mayor resigned on Monday.\n\nThe mayor on the steps of the town hall"
    assert len(split(text)) == 1


def test_the_document_tells_what_somebody_does(split):
    """What is attributed inside a sentence does not keep the sentence from being the document's statement."""
    text = (
        "The two parties clashed over the tunnel. Ryan slammed the ban on visas at a rally in Ohio."
    )
    assert {s.text for s in split(text) if s.speaker is None} == {
        "The two parties clashed over the tunnel",
        "Ryan slammed the ban on visas at a rally in Ohio",
    }


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        pytest.param("There could be a strike in May.", "hypothesizes", id="could"),
        pytest.param("Perhaps the bank is insolvent.", "hypothesizes", id="perhaps"),
        pytest.param("Should it rain, the match will move indoors.", "hypothesizes", id="inverted"),
        pytest.param("The minister could not be reached.", "asserts", id="could not"),
        pytest.param(
            "Ann stunned the party by declaring that she would resign.",
            "asserts",
            id="by declaring",
        ),
        pytest.param("The judge asked the mayor to resign.", "asserts", id="asked to"),
        pytest.param("Ann plays on Tuesday, weather permitting.", "hypothesizes", id="permitting"),
        pytest.param(
            "Unless rain comes, Ann said, she will pull out the vines.",
            "hypothesizes",
            id="condition apart",
        ),
        pytest.param("Ann is hopeful that the rain will come.", "hypothesizes", id="hopeful"),
        pytest.param("It is possible that the rain will come.", "hypothesizes", id="possible"),
        pytest.param("There is no certainty that it will rain.", "hypothesizes", id="certainty"),
        pytest.param("Ann is adamant that the roof is safe.", "asserts", id="adamant"),
        pytest.param("Ann does not know why the roof fell.", "questions", id="not know why"),
        pytest.param("Nobody knows how many people died.", "questions", id="nobody knows"),
        pytest.param("Ann wants to know why the roof fell.", "questions", id="wants to know"),
        pytest.param("Police are trying to establish who paid.", "questions", id="establish"),
        pytest.param("It is anybody's guess when work will start.", "questions", id="guess"),
        pytest.param("Ann is weighing whether to shut the mill.", "questions", id="whether to"),
        pytest.param("Ann knows why the roof fell.", "asserts", id="knows why"),
    ],
)
def test_stance_of_what_is_possible_or_asked_for(split, text, stance):
    """A possibility is no assertion; who asks somebody to do something asks no question."""
    assert stance in {s.stance for s in split(text)}
    assert {s.stance for s in split(text)} <= {stance, "asserts"}


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("The horse, it is understood, came fourth at York.", "The horse came fourth at York."),
        ("It emerged on Monday that the bank had failed.", "The bank had failed."),
        ("Legend has it that the bell rang by itself.", "The bell rang by itself."),
        (
            "Ann Smith was accused at the weekend of taking a bribe.",
            "Ann Smith was taking a bribe.",
        ),
        ("Ann Smith was charged with taking a bribe.", "Ann Smith was taking a bribe."),
        ("The envoy was recalled, or so it is said in Vienna.", "The envoy was recalled."),
        ("The beast is back, so the story goes in the bar.", "The beast is back."),
        ("I hear that the peer has sold his house.", "The peer has sold his house."),
        ("Word is that the mayor sold the car.", "The mayor sold the car."),
        ("It transpired that the trip was paid for.", "The trip was paid for."),
        ("Ann Smith withdrew her claim that the bank failed.", "The bank failed."),
        ("Ann Smith has gone back on her claim that the bank failed.", "The bank failed."),
        ("Ann Smith has been tipped for the post.", "Ann Smith has been tipped for the post."),
        ("A court heard that Ann Smith had sold the port.", "Ann Smith had sold the port."),
        ("Unconfirmed reports said at least 30 people had died.", "At least 30 people had died."),
        ("According to reports, the talks have failed.", "The talks have failed."),
        (
            "Brown, who allegedly stabbed a teacher, will appear in court.",
            "Brown stabbed a teacher.",
        ),
        ("Bob Jones faces charges of bribing a judge.", "Bob Jones was bribing a judge."),
        ("The crash was blamed on pilot error.", "Pilot error was responsible for the crash."),
        ("Two men accused of robbing a bank were arrested.", "Two men were robbing a bank."),
    ],
)
def test_hearsay_is_nobodys(split, text, reported):
    """What is only passed on is reported, and by nobody."""
    assert (None, "reports", reported) in brief(split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The firm is suspected of bribing customs officers.",
            (None, "hypothesizes", "The firm was bribing customs officers."),
        ),
        (
            "Whether the ceasefire will hold is unclear.",
            (None, "questions", "The ceasefire will hold?"),
        ),
        (
            "The minister said the plant would close, but aides say it may.",
            ("aides", "hypothesizes", "The plant would close."),
        ),
        (
            "He crossed a bridge that officials say was unsafe.",
            ("officials", "asserts", "The bridge was unsafe."),
        ),
        (
            "The minister praised the deal, which critics said would cost jobs.",
            ("critics", "asserts", "The deal would cost jobs."),
        ),
        (
            "A man was arrested on suspicion of starting the fire.",
            (None, "hypothesizes", "A man was starting the fire."),
        ),
        (
            "Volkswagen is expected to cut 7,000 jobs.",
            (None, "hypothesizes", "Volkswagen is expected to cut 7,000 jobs."),
        ),
        (
            "Nearly 3,000 homes were destroyed, according to state officials, and the fire is still burning.",
            (None, "asserts", "The fire is still burning."),
        ),
        (
            "The general admitted people were killed but insisted the target was legitimate.",
            ("general", "asserts", "The target was legitimate."),
        ),
        (
            "Police blamed the crash on fog.",
            ("police", "asserts", "Fog was responsible for the crash."),
        ),
        ("A doctor put the death toll at 22.", ("doctor", "asserts", "The death toll is 22.")),
        (
            "The opposition leader, Ana Petrova, said the vote was rigged.",
            ("Ana Petrova", "asserts", "The vote was rigged."),
        ),
        (
            "The owner, Star Marine, said that the ship was safe.",
            ("Star Marine", "asserts", "The ship was safe."),
        ),
        (
            "The two reports, published on Monday, found the dam was safe.",
            ("two reports", "asserts", "The dam was safe."),
        ),
        (
            "Prosecutors said Jones was at the scene but denied firing the gun.",
            ("Jones", "denies", "Jones was firing the gun."),
        ),
        (
            "Twitter deleted a tweet claiming that the port was sold.",
            ("tweet", "asserts", "The port was sold."),
        ),
        (
            "The court gave Ann Smith the opportunity to deny that the port was sold.",
            (None, "reports", "The port was sold."),
        ),
    ],
)
def test_what_is_open_or_said_of_something_stands_alone(split, text, expected):
    """Suspicions, open questions and relative clauses become sentences that can be read without the others."""
    assert expected in brief(split(text))


def test_who_may_do_what_he_said_he_would_not_says_nothing_new(split):
    """ "May", after "would not", is neither that claim nor its denial."""
    (only,) = split("Mr Kim has said he would not run again, but aides now say he may.")
    assert only.holder == "Kim"


def test_clauses_beside_a_semicolon_are_apart(split):
    """Two sentences that a semicolon joins are two statements."""
    text = "Their doubts were gone; the clerks were riveted."
    assert [s.text for s in split(text)] == ["Their doubts were gone", "the clerks were riveted"]


def test_a_semicolon_keeps_two_speakers_apart(split):
    """What is said behind a semicolon is no part of what somebody says before it; a list is not cut."""
    text = "The driver says he was never told; the inspector begs to differ."
    assert [(s.holder, s.stance) for s in split(text)] == [
        ("driver", "asserts"),
        ("inspector", "denies"),
    ]
    listed = "The mayor said that the road was shut; the bridge was closed; the port was sold."
    assert {s.holder for s in split(listed)} == {"mayor"}


def test_where_both_have_a_subject_a_time_before_them_is_the_firsts(split):
    """Coordinated clauses that share nothing are cut whatever the first begins with."""
    text = "On Monday the mayor resigned, and his deputy left the country."
    assert [s.text for s in split(text)] == [
        "On Monday the mayor resigned",
        "his deputy left the country",
    ]


def test_what_somebody_wants_is_theirs(split):
    """A plan is a statement by whoever has it, with its attitude in the proposition."""
    (statement,) = split("Ann Smith, the mayor, has called for the resignation of the minister.")
    assert statement.holder == "Ann Smith"
    assert statement.text.endswith("the resignation of the minister")
    assert statement.proposition.startswith("Ann Smith")


PIECES = st.sampled_from(
    [
        *("Lavrov", "he", "denied", "said", "that", "the bank", "failed", "not", "and", "if"),
        *("“", "”", '"', "‘", "’", ",", ".", "?", "\n\n", "\r\n", "**", "[x](y)", "#"),
        *("according to", "“We go,” he said.", "\u200b", "\x00", "é", "😀"),
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(PIECES | st.text(max_size=8), max_size=40).map(" ".join),
    markup=st.sampled_from(["plain", "markdown"]),
)
def test_offsets_hold_for_any_text(split, text, markup):
    """For every statement, speaker and cue, the text at the offsets is the text it gives."""
    statements = split(text, markup)
    for statement in statements:
        for span in (statement, statement.speaker, statement.cue):
            if span is not None:
                assert text[span.start : span.end] == span.text != ""
        assert statement.stance in STANCES
        assert statement.proposition.strip()
    assert len({s.id for s in statements}) == len(statements)


@pytest.mark.parametrize(
    "text",
    [
        ", it was said,",
        "”, it was said,",
        ", it is claimed,!",
        "It responded`` whether or.",
        "Ann deemed that a outlandish",
        "President’S President’S Promised Promised",
        "Lee wrote about issues, from the fact that he was late to a party to a dinner which he has denied.",
    ],
)
def test_what_is_hardly_a_text_is_no_trouble(split, text):
    """Texts that once ended in an error: fragments, and clauses of which nothing is left."""
    assert all(any(c.isalnum() for c in s.proposition) for s in split(text))


def test_lists_of_cues_hold_to_each_other():
    """What is a part of another list is in it."""
    cues = load_cues()
    assert cues.denying_marks <= cues.denying_words
    assert cues.opinions <= cues.false_predicates
    assert cues.contradicting_verbs <= {
        v for v, (stance, _) in cues.verbs.items() if stance == "denies"
    }
    reporting = {noun for noun, stance in cues.nouns.items() if stance == "reports"}
    assert cues.claim_nouns <= reporting
    assert cues.idea_nouns <= reporting - cues.claim_nouns


def test_no_cue_stands_for_two_stances():
    """The lexicon names each verb and noun once."""
    data = json.loads((files("contradict") / "cues.json").read_text("utf-8"))
    for kind, loaded in (("verbs", load_cues().verbs), ("nouns", load_cues().nouns)):
        lemmas = [lemma for group in data[kind] for lemma in group["lemmas"]]
        assert len(lemmas) == len(set(lemmas)) == len(loaded)


@pytest.mark.parametrize(
    ("text", "proposition"),
    [
        pytest.param("Russia said it had won the war.", "Russia had won the war.", id="a country"),
        pytest.param("Ann said it had rained.", "It had rained.", id="a person"),
        pytest.param(
            "Russia said it was wrong to wait.", "It was wrong to wait.", id="no reference"
        ),
        pytest.param("Ann Smith said she had won.", "Ann Smith had won.", id="she"),
    ],
)
def test_reported_pronouns_mean_the_speaker_where_they_can(split, text, proposition):
    """ "It" is the speaker where the speaker is no person, and "she" where it is one."""
    assert split(text)[0].proposition == proposition


def test_a_title_is_no_part_of_a_name(split):
    """The speaker is the person, however the mention introduces them."""
    (statement,) = split("Kremlin spokesman Dmitry Peskov said the war was over.")
    assert statement.holder == "Dmitry Peskov"
    assert statement.speaker.text == "Kremlin spokesman Dmitry Peskov"


def test_a_capital_that_is_no_sentence_start_stays(split):
    """Abbreviations and placeholders keep their capitals; "X" is no "x"."""
    assert split("X denied bombing Y.")[0].holder == "X"


def told(statements):
    return {(s.holder, s.stance, s.proposition) for s in statements}


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "The rumour began, Ann Smith said, with a misread label on a tanker.",
            "The rumour began with a misread label on a tanker.",
        ),
        (
            "Ann Smith added that the firm had spent its life “fighting to save the dam.”",
            "The firm had spent its life fighting to save the dam.",
        ),
        (
            "The raid left at least eleven people dead, among them a nurse, aid workers said.",
            "The raid left at least eleven people dead, among them a nurse.",
        ),
        (
            "The Mafia murdered Salvo Lima because he stopped helping it, according to a report by police.",
            "The Mafia murdered Salvo Lima because Salvo Lima stopped helping it.",
        ),
        ("The campaign described how the firm hid its losses.", "The firm hid its losses."),
        ("Mr Gregory's conclusion in 1994 was that the dam was old.", "The dam was old."),
    ],
)
def test_what_is_said_is_whole_and_without_whose_it_is(split, text, stated):
    """What goes on behind an attribution belongs to what is said; "officials said" does not."""
    [statement] = [s for s in split(text) if s.holder is not None]
    assert statement.proposition == stated


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "They explained that Bob Jones affirmed his wish to reach a deal and that Ann Smith promised him a vote.",
            [
                "Bob Jones affirmed his wish to reach a deal.",
                "Ann Smith promised Bob Jones a vote.",
            ],
        ),
        (
            "Ann Smith argued that if it rains the dam will fail and that the firm knew of it.",
            ["If it rains the dam will fail.", "The firm knew of it."],
        ),
        (
            "The tour had a host, but Acme declined to renew its sponsorship of the event and the PGA could not find "
            "a new sponsor.",
            [
                "The tour had a host.",
                "Acme declined to renew its sponsorship of the event.",
                "The PGA could not find a new sponsor.",
            ],
        ),
        (
            "Although the firm has spent a year on it, the dam has failed.",
            ["Although the firm has spent a year on it, the dam has failed."],
        ),
        (
            "When coins were flipped to decide the race on Monday, things did not work out so evenly.",
            [
                "When coins were flipped to decide the race on Monday, things did not work out so evenly."
            ],
        ),
    ],
)
def test_clauses_are_cut_where_they_end(split, text, stated):
    """A second "that" begins a clause of its own, whatever the parser hangs it on, and a subject is its own verb's."""
    assert [s.proposition for s in split(text)] == stated


def test_that_somebody_thinks_so_is_no_second_statement(split):
    """Nor that she says she thinks so; unlike what she denies to have said."""
    assert brief(split("“I think the dam is safe,” Ann Smith said.")) == [
        ("Ann Smith", "asserts", "The dam is safe.")
    ]
    assert brief(split("Ann Smith said she believed that the dam was safe.")) == [
        ("Ann Smith", "asserts", "The dam was safe.")
    ]
    denied = "Ann Smith denied she had called her director a thief of scenes."
    assert "denies" in {s.stance for s in split(denied)}


def test_a_name_behind_a_dash_signs_a_quotation(split):
    """As voices from the street are printed, one a line."""
    signed = "“The dam is a joke. It will not hold.” ― Ann Smith"
    assert [s.holder for s in split(signed)] == ["Ann Smith", "Ann Smith"]
    [statement] = split("“Maybe we can build a wall around the dam.” ― Ann Smith")
    assert statement.proposition == "Maybe we can build a wall around the dam."


def test_words_that_are_no_clause_are_narrated(split, language):
    """What somebody talks about, all by itself, claims nothing."""
    text = (
        "The release centers on discussions between Mrs. Lee’s aides and foundation executives about a number of "
        "donors and associates with interests before the State Department."
    )
    listed = split_document(language.parse(Document("a.txt", text)), narrated=True)
    [donors] = [s for s in listed if s.proposition.startswith("A number of donors")]
    assert donors.narrated
    assert donors not in split(text)


def test_what_is_only_narrated_is_marked_and_left_out(split, language):
    """Of "the mayor scolded the firm", no part is what the mayor says: the document tells it, and once."""
    text = "Mayor Ann Smith mocked the firm for its plan. The firm’s plan cost millions."
    both = split_document(language.parse(Document("a.txt", text)), narrated=True)
    assert [s for s in both if not s.narrated] == split_document(
        language.parse(Document("a.txt", text))
    )
    [narrated] = [s for s in both if s.narrated]
    assert narrated.holder == "Ann Smith"
    assert narrated.proposition in {s.proposition for s in both if s.holder is None}


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "Bob Jones spoke first. Ann Smith wrote in both letters she was “honored and humbled” to sell the dam.",
            ("Ann Smith", "asserts", "Ann Smith was honored and humbled to sell the dam."),
        ),
        (
            "Ann Smith told Mary Jones she believed that Mary Jones would publish a speech she had given.",
            ("Ann Smith", "asserts", "Mary Jones would publish a speech she had given."),
        ),
        (
            "Ann Smith spoke. She and her husband supported the deal.",
            (None, "asserts", "Ann Smith and her husband supported the deal."),
        ),
        (
            "The Echo is back. It's time for another issue.",
            (None, "asserts", "It's time for another issue."),
        ),
        (
            "[Bob Jones’s] wife says that she left.",
            ("Bob Jones's wife", "asserts", "Bob Jones's wife left."),
        ),
        (
            "After the mayor of Exeter, Ann Smith, was elected, she left. “I sold my house,” Ann Smith said.",
            ("Ann Smith", "asserts", "Ann Smith sold her house."),
        ),
        (
            "Sergei Lavrov spoke. Mr Lavrovalso said that the dam was old.",
            ("Sergei Lavrov", "asserts", "The dam was old."),
        ),
        (
            "Ann Smith's campaign on Monday denied that the dam was old.",
            ("Ann Smith's campaign", "denies", "The dam was old."),
        ),
    ],
)
def test_who_is_meant(split, text, stated):
    """Pronouns in a clause go to the subject around it; who stands beside a pronoun stays; names have no date."""
    assert stated in told(split(text))


def test_a_verb_that_the_parser_takes_for_a_noun_denies(split):
    """As "disputes" often is."""
    text = "Ann Smith alleges that she was fired for taking time off, a claim that Bob’s office strongly disputes."
    assert brief(split(text)) == [
        ("Ann Smith", "asserts", "Ann Smith was fired for taking time off."),
        ("Bob's office", "denies", "Ann Smith was fired for taking time off."),
    ]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "Ann Smith spoke. She'll sell the dam. She'd like to.",
            ["Ann Smith spoke.", "Ann Smith will sell the dam.", "Ann Smith would like to."],
        ),
        (
            "The firm was and perhaps still is the largest in Exeter.",
            ["The firm was and perhaps still is the largest in Exeter."],
        ),
        (
            "Critics said they have lost the vote.",
            ["Critics have lost the vote."],
        ),
        (
            "Bob Jones fell ill. A neighbour had hit him. Police asked for his laptop.",
            [
                "Bob Jones fell ill.",
                "A neighbour had hit Bob Jones.",
                "Police asked for Bob Jones' laptop.",
            ],
        ),
        (  # whose they are is said, or may be somebody else's
            "Bob Jones loves his wife. The driver hid his face. Carl Dean and his wife left.",
            [
                "Bob Jones loves his wife.",
                "The driver hid his face.",
                "Carl Dean and his wife left.",
            ],
        ),
        (
            "The authority denied that its inspectors had slept. A paper says its pill cures gout.",
            ["The authority's inspectors had slept.", "Its pill cures gout."],
        ),
        (
            '"We neither sell nor rent data. Our cars are safe. You trusted us," said Orbita\'s '
            'chief, Lena Marsden. "We\'ve checked," Marsden said.',
            [
                "Orbita neither sells nor rents data.",
                "Orbita's cars are safe.",
                "You trusted Orbita.",
                "Orbita has checked.",
            ],
        ),
        (  # who is spoken for, beside a name that is only a part of theirs
            'A Roe campaign spokesman, Tim Dale, said: "We have never lost."',
            ["The campaign has never lost."],
        ),
        (
            "The Justice Department fell silent. The department denied that it had lied.",
            ["The Justice Department fell silent.", "The Justice Department had lied."],
        ),
        (  # of one country's department, no other's
            "The Justice Department erred. A health department erred. The department left.",
            [
                "The Justice Department erred.",
                "A health department erred.",
                "The department left.",
            ],
        ),
        (  # everybody, or whoever was there
            '"They closed our doors. We all know it," said Orbita\'s chief, Lena Marsden.',
            ["They closed our doors.", "We all know it."],
        ),
        (
            '"We left," said Ann Smith, a former director of Orbita. The company chairman\'s wife said: '
            '"We love our house."',
            ["We left.", "We love our house."],
        ),
        (
            '"We sell cars in the US. We will cut costs and do more," said Orbita\'s chief, Lena Marsden.',
            ["Orbita sells cars in the US.", "Orbita will cut costs.", "Orbita does more."],
        ),
        (
            "Bob Jones fell ill. The house of his brother burned and lost its roof.",
            [
                "Bob Jones fell ill.",
                "The house of Bob Jones' brother burned.",
                "The house of Bob Jones' brother lost its roof.",
            ],
        ),
        (
            "Bob Jones fell ill. Ann Reed left her own house. The bank says the money is his",
            ["Bob Jones fell ill.", "Ann Reed left her own house.", "The money is Bob Jones'."],
        ),
        (
            '"I left and went home. I never really know why. Bob and I are here," said Ann Smith.',
            [
                "Ann Smith left.",
                "Ann Smith went home.",
                "Ann Smith never really knows why.",
                "Bob and I are here.",
            ],
        ),
        (
            "Ann Smith has vowed to block the dam. The firm pledged not to sell it and to stay. Ann Smith, who "
            "promised to go, left.",
            [
                "Ann Smith will block the dam.",
                "The firm will not sell it and stay.",
                "Ann Smith, who promised to go, left.",
                "Ann Smith will go.",
            ],
        ),
        (  # of nobody, or not yet promised
            "It promises to rain. Costs promise to rise. The reform, which promises to raise costs, passed. The firm "
            "may pledge to sell it. Ann Smith had to promise to go.",
            [
                "It promises to rain.",
                "Costs promise to rise.",
                "The reform, which promises to raise costs, passed.",
                "The firm may pledge to sell it.",
                "Ann Smith had to promise to go.",
            ],
        ),
        (
            "“It is not the position that everything is hunky-dory,” Gene Lane, a top outside Acme adviser, said "
            "at a recent event.",
            ["It is not the position that everything is hunky-dory."],
        ),
        (
            '"I mean, you know, she left. You know, it happens," said Bob Lane.',
            ["She left.", "It happens."],
        ),
        (
            "Good news can drive out bad, but usually only when it is sexier than the lie.",
            ["Good news can drive out bad, but usually only when it is sexier than the lie."],
        ),
    ],
)
def test_propositions_can_be_read_alone(split, text, stated):
    """With verbs in full behind names, and no verb without what it says."""
    assert [s.proposition for s in split(text)] == stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The ministry denied a report claiming that the dam had cracked.",
            {
                ("report", "asserts", "The dam had cracked."),
                ("ministry", "denies", "The dam had cracked."),
            },
        ),
        (
            "A letter saying that the dam had cracked was dismissed by the ministry.",
            {
                ("letter", "asserts", "The dam had cracked."),
                ("ministry", "denies", "The dam had cracked."),
            },
        ),
        (
            "The firm did not deny a report saying that the dam had cracked.",
            {("firm", "reports", "The dam had cracked.")},
        ),
        (
            "Investigators have ruled out lightning as the cause of the fire.",
            {("investigators", "denies", "Lightning is the cause of the fire.")},
        ),
        (
            "It is a misconception, the board said, that pupils are given easier papers.",
            {("board", "denies", "Pupils are given easier papers.")},
        ),
        (
            "Whether the bones were disturbed by animals, as a rival group contends, is not known.",
            {
                (None, "questions", "The bones were disturbed by animals?"),
                ("rival group", "asserts", "The bones were disturbed by animals."),
            },
        ),
        (
            "Its guides stand accused of spiking the food.",
            {(None, "reports", "Its guides were spiking the food.")},
        ),
        (
            "Popular belief has it that lemmings hurl themselves off cliffs.",
            {(None, "reports", "Lemmings hurl themselves off cliffs.")},
        ),
        (
            "The last such road is also supposed to have cost nothing.",
            {(None, "reports", "The last such road has cost nothing.")},
        ),
        (
            "Nobody has explained why the dam was closed.",
            {(None, "asserts", "Nobody has explained why the dam was closed.")},
        ),
        (
            "Neither version could be checked.",
            {(None, "asserts", "Neither version could be checked.")},
        ),
        (
            "The senator dismissed Bob Roe's claims that he was loyal as utter nonsense.",
            {
                ("Bob Roe", "asserts", "Bob Roe was loyal."),
                ("senator", "denies", "Bob Roe was loyal."),
            },
        ),
        (
            "The dean has published a letter strongly disputing accusations by Exxon Mobil that students of the school "
            "had produced misleading articles.",
            {
                (None, "reports", "Students of the school had produced misleading articles."),
                ("dean", "denies", "Students of the school had produced misleading articles."),
            },
        ),
        (
            "Ann Vale dismissed Bob Roe’s accusations that the bank is breaking the law — saying it had no choice.",
            {
                ("Bob Roe", "asserts", "The bank is breaking the law."),
                ("Ann Vale", "denies", "The bank is breaking the law."),
                ("Ann Vale", "asserts", "It had no choice."),
            },
        ),
        (
            "Ann's claim that the dam was safe did not ring true.",
            {
                ("Ann", "asserts", "The dam was safe."),
                (None, "denies", "The dam was safe."),
            },
        ),
        (
            "Experts said that the dam would break. The winter proved them wrong.",
            {
                ("experts", "asserts", "The dam would break."),
                (None, "denies", "The dam would break."),
            },
        ),
        (
            "Ann blamed the crash on heavy fog.",
            {("Ann", "asserts", "Heavy fog was responsible for the crash.")},
        ),
        (
            "“We have new information that contradicts it,” Ann said.",
            {
                ("Ann", "asserts", "We have new information."),
                ("Ann", "asserts", "New information contradicts it."),
            },
        ),
        (
            "The agency read letters from the email account that Ann used for years.",
            {
                (
                    None,
                    "asserts",
                    "The agency read letters from the email account that Ann used for years.",
                )
            },
        ),
        (
            "No group has claimed responsibility for the attack.",
            {(None, "asserts", "No group has claimed responsibility for the attack.")},
        ),
        (
            "Bob Roe claimed in July - falsely - that refugees cannot come into this country.",
            {
                ("Bob Roe", "asserts", "Refugees cannot come into this country."),
                (None, "denies", "Refugees cannot come into this country."),
            },
        ),
        (
            "Bob Roe rejected attacks from Ann Bush and other candidates that he was not a conservative.",
            {
                ("Ann Bush", "asserts", "Bob Roe was not a conservative."),
                ("Bob Roe", "denies", "Bob Roe was not a conservative."),
            },
        ),
        (
            "A judge will decide in June whether to order a new trial.",
            {(None, "asserts", "A judge will decide in June whether to order a new trial.")},
        ),
        (
            "The inquiry heard that Ann Smith had closed the dam, something the firm has always denied.",
            {
                (None, "reports", "Ann Smith had closed the dam."),
                ("firm", "denies", "Ann Smith had closed the dam."),
            },
        ),
    ],
)
def test_denials_and_hearsay_in_other_words(split, text, expected):
    """Of what a text says, of causes, of what somebody contends besides; what nobody commits to; what is no doubt."""
    assert told(split(text)) == expected


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "The dam may hold, although few believe it.",
            ["The dam may hold.", "Few believe it."],
        ),
        (
            "Ann said: “We have not shelled the clinic, we do not shell clinics, and those who claim we do should come "
            "and look.”",
            [
                "We have not shelled the clinic.",
                "We do not shell clinics.",
                "Those who claim we do should come and look.",
            ],
        ),
        (
            "The bank said profits rose and costs fell, and that it would close the branch.",
            ["Profits rose.", "Costs fell.", "It would close the branch."],
        ),
        ("“I’m not done, I’m not sick,” Ann said.", ["Ann is not done.", "Ann is not sick."]),
        (
            "Ann has not signed and returned the deed.",
            ["Ann has not signed and returned the deed."],
        ),
        (
            "Ann said that the dam could not escape (its own history).",
            ["The dam could not escape (its own history)."],
        ),
        (
            "Ann Smith spoke. Her approach has worked. Her aides left with Ann Smith.",
            [
                "Ann Smith spoke.",
                "Ann Smith's approach has worked.",
                "Her aides left with Ann Smith.",
            ],
        ),
        (
            "“These are dark days for people like myself,” Ann Smith said. “They told me so.”",
            ["These are dark days for people like Ann Smith.", "They told Ann Smith so."],
        ),
        (
            "“I have gone as far as I think I can,” Ann Smith said.",
            ["Ann Smith has gone as far as she thinks she can."],
        ),
    ],
)
def test_clauses_that_stand_alone(split, text, stated):
    """Also behind "although", in a list without "and", and behind what has no "that"; a name is said, and once."""
    assert [s.proposition for s in split(text)][: len(stated)] == stated


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A till worker, Moana Petty, told the radio that the shop was shut.", "Moana Petty"),
        ("“The shop is shut,” the Chancellor, Miriam Holt, said.", "Miriam Holt"),
        (
            "“The shop is shut,” cautions the study's lead author, the epidemiologist Henriette Vos.",
            "Henriette Vos",
        ),
        ("One of the lessors, Tallis Leasing, fears that the shop is shut.", "Tallis Leasing"),
        ("Mayor Jane Roe was charged. Her campaign said the shop was shut.", "Jane Roe's campaign"),
        ("Harrowgate Water plc fell. The company said the shop was shut.", "Harrowgate Water plc"),
        (
            "The Justice Department came. On Monday the department said the shop was shut.",
            "Justice Department",
        ),
        (
            "The Justice Department came. A health department did too. The department said the shop was shut.",
            "department",
        ),
        ("The exam board OCQ denied it. The shop, it added, was shut.", "exam board OCQ"),
        ("The mayor, Ann Smith, and Bob Jones said the shop was shut.", "Ann Smith"),
        (
            "Ann Vale, Bob Roe and Cy Poe all told me the shop was shut.",
            "Ann Vale, Bob Roe and Cy Poe",
        ),
        ("Former Ohio Gov. and party Chairman Ed Roe said the shop was shut.", "Ed Roe"),
        (
            "A contender and former surgeon Ben Roe said the shop was shut.",
            "contender and former surgeon Ben Roe",
        ),
        ("Ann Vale came. “Farmers and bakers have issues with the shop,” Vale notes.", "Ann Vale"),
        ("Ann Vale and Bob Roe met.\n\nThe - Roe said that the shop was shut.", "Bob Roe"),
    ],
)
def test_speakers_by_their_names(split, text, who):
    """Whoever is named beside a description, before "her campaign", "the company" and "it", or with a stray word."""
    assert who in {s.holder for s in split(text)}


def test_a_denial_behind_which_shows_the_claim(split):
    """ "Which Ann denies" says nothing to a reader without what she denies."""
    claim, denial = split("Critics say the mayor took bribes, which his office vehemently denies.")
    assert claim.proposition == denial.proposition == "The mayor took bribes."
    assert denial.text == "the mayor took bribes, which his office vehemently denies"
    assert denial.start == claim.start


def test_what_others_are_told_to_think_is_narrated(split, language):
    """Whose it is in what somebody else says; it is in no finding."""
    text = "Ann Smith said that Bob Jones has criticised the deal."
    found = split_document(language.parse(Document("a.txt", text)), narrated=True)
    assert [s.text for s in found if s.narrated and s.holder == "Bob Jones"] == ["the deal"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ann Smith admitted forging two cheques.", "asserts Ann Smith was forging two cheques."),
        ("Ann Smith admitted having forged it.", "asserts Ann Smith had forged it."),
        ("Ann Smith confessed to forging it.", "asserts Ann Smith was forging it."),
        ("Police estimated the crowd at 20,000.", "asserts The crowd is 20,000."),
        (
            "Ann Smith dismissed reports that she had cherry-picked the data.",
            "denies Ann Smith had cherry-picked the data.",
        ),
        (
            "Ann Smith hopes to publish the data in June.",
            "hypothesizes Ann Smith hopes to publish the data in June.",
        ),
        (
            "“People were pouring out, so happy,” said Ann Smith, a former head of staff.",
            "asserts People were pouring out, so happy.",
        ),
    ],
)
def test_what_somebody_says_beside_their_own_description(split, text, found):
    """Deeds that are admitted, estimates, hopes, and quotations whose speaker is described at length."""
    said = [f"{s.stance} {s.proposition}" for s in split(text) if s.holder is not None]
    assert said == [found]


def test_what_is_called_false_in_passing_is_denied(split):
    """ "Calling them absurd" denies the reports before it; nothing is said of "them"."""
    text = "Ann Smith dismissed reports that she had cherry-picked the data, calling them absurd."
    denied = {(s.stance, s.proposition) for s in split(text) if s.holder == "Ann Smith"}
    assert denied == {("denies", "Ann Smith had cherry-picked the data.")}


def test_a_quotation_that_nobody_signs_goes_on_with_who_spoke_above(split):
    """Not with whoever is quoted further down."""
    text = (
        "The mayor, Ann Smith, said the bridge was safe.\n\n“It has been checked twice. Nobody need worry.”\n\n"
        "Bob Jones, who lives beside it, is not so sure.\n\n“It shakes,” he said."
    )
    holders = {s.proposition: s.holder for s in split(text)}
    assert holders["Nobody need worry."] == "Ann Smith"
    assert holders["It shakes."] == "Bob Jones"


def test_an_answer_goes_with_the_question_in_its_own_sentence(split):
    """ "“No,” said Bob when asked whether q" denies q, whatever was asked before."""
    text = "“No,” said Ann Vale when asked whether she would go. “No,” said Bob Roe when asked if the firm had failed."
    denied = {s.holder: s.proposition for s in split(text) if s.stance == "denies"}
    assert denied == {"Ann Vale": "Ann Vale would go.", "Bob Roe": "The firm had failed."}


def test_what_is_denied_does_not_tell_that_it_is(split):
    """ "The rumour, which Ann denies": that the rumour is true, not "which Ann denies is"."""
    denial, *_ = split("The rumour that he was ill, which his office denies, spread fast.")
    assert (denial.stance, denial.proposition) == ("denies", "The rumour that he was ill is true.")

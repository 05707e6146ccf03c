"""What hangs on a cue word: who speaks, and the clause that says what."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contradict.cues import (
    SUBJECTS,
    cue_lemma,
    cue_stance,
    has_to,
    is_negated,
    is_nobody,
    is_passive,
    load_cues,
    names_claim,
    own_subject,
)
from contradict.speakers import is_person

if TYPE_CHECKING:
    from spacy.tokens import Token

_NAMES = ("oprd", "attr", "acomp", "dobj", "npadvmod", "dep")
_LONGEST_NAME = 12
"""Words, at most, of the quotation that says what a claim is called."""

_FIRST = ("first", "initially", "originally")
_LATER = ("eventually", "later", "subsequently", "then")

_SOURCES = ("by", "from")
"""What stands between a claim and whose it is."""

_TOLD_BY = ("eyewitness", "media", "news", "press", "witness")
"""Whose account is one that is told; others are held with a bank or a provider."""

_QUANTITIES = ("all", "any", "both", "each", "either")

_COMPLEMENTS = ("dobj", "attr", "acomp", "oprd", "ccomp", "xcomp", "auxpass")

_OUTLOOKS = ("belief", "opinion", "picture", "premise", "proposition", "view")
"""Nouns whose "of" tells what they are about, not what they claim."""


def find_speaker(verb: "Token") -> "Token | None":
    """Head of the noun phrase that does the saying; None for "it is said" and the like."""
    agent = next((c for c in verb.children if c.dep_ == "agent"), None)
    if agent is not None:
        return next((c for c in agent.children if c.dep_ == "pobj"), None)
    if is_passive(verb):
        return None
    for _ in range(4):
        if goes_back_on(verb):
            verb = verb.head.head
        subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None:
            if subject.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
                return subject if subject.tag_ in ("WP", "WDT") else verb.head
            nobody = subject.lower_ in ("there", "what", "that", "this", "'s") or is_nobody(subject)
            nobody |= is_hearsay(subject)
            nobody |= subject.lower_ == "it" and verb.lemma_.lower() in (
                "be",
                "follow",
                "seem",
                "appear",
                "emerge",
                "transpire",
            )
            return None if nobody else subject
        if is_reduced_passive(verb):  # "Asked whether …, he replied"
            return None
        inverted = next((c for c in verb.rights if c.dep_ == "dobj"), None)
        if inverted is not None and any(c.dep_ == "ccomp" for c in verb.lefts):
            return inverted  # "Did you?" asked the judge
        if _is_called_by_other(verb):
            verb = verb.head.head
            continue
        doing = _done_by(verb)
        if doing is not None:
            verb = doing
            continue
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN"):
            return verb.head if verb.tag_ == "VBG" else None
        if is_added(verb):  # "he said that p, dismissing the idea that q"
            saying = (v for v in verb.head.ancestors if cue_lemma(v) in load_cues().verbs)
            verb = next(saying, verb.head)
            continue
        blamed = _blamed_for(verb)
        if blamed is not None:
            return blamed
        if verb.dep_ == "pcomp" and verb.tag_ == "VBG" and verb.head.head.pos_ in ("VERB", "AUX"):
            verb = verb.head.head  # "surprised them by declaring that p"
            continue
        if (
            verb.dep_ not in ("conj", "advcl", "xcomp", "parataxis", "ccomp", "dep", "acomp")
            or verb.head == verb
        ):
            return None
        verb = verb.head
    return None


def _done_by(verb: "Token") -> "Token | None":
    """The verb whose subject does what another verb says, by way of a noun that names nobody.

    "is at pains to deny it", "took the step of denying it", "spent months denying it", "issued a statement denying it",
    "goes to great lengths to deny it".
    """
    if verb.dep_ == "xcomp" and verb.head.lemma_ == "go":
        to = (p for c in verb.head.children if c.lower_ == "to" for p in c.children)
        return verb.head if any(p.lemma_ == "length" for p in to) else None
    noun = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "of" else verb.head
    governor = noun.head.head if noun.dep_ == "pobj" else noun.head
    if noun.pos_ != "NOUN" or noun.dep_ not in ("dobj", "npadvmod", "pobj") or is_nobody(noun):
        return None
    cues = load_cues()
    lemma, done = noun.lemma_.lower(), governor.lemma_
    if has_to(verb) or verb.dep_ == "pcomp":
        taken = lemma in cues.occasions and done in cues.taking_verbs
        return governor if taken else None
    if verb.dep_ != "acl" or verb.tag_ != "VBG" or noun.dep_ == "pobj":
        return None
    written = lemma in cues.writings and done in cues.issuing_verbs and not is_passive(governor)
    return governor if written or done == "spend" else None


def _blamed_for(verb: "Token") -> "Token | None":
    """ "Ann", in "The judge fined Ann for denying it"; "the paper", in "accused the paper of claiming that p"."""
    if verb.dep_ != "pcomp" or verb.tag_ != "VBG" or verb.head.lower_ not in ("for", "of"):
        return None
    blaming = verb.head.head
    if blaming.dep_ in ("dobj", "nsubjpass"):  # "of" hangs on "the paper"
        blaming = blaming.head
    accuses = blaming.lemma_.lower() in load_cues().accusing_verbs
    things = [c for c in blaming.children if c.dep_ in ("dobj", "dative", "nsubjpass")]
    return next((thing for thing in things if accuses or may_be_person(thing)), None)


def may_be_person(noun: "Token") -> bool:
    """Whether a noun phrase, given by its head, may be a person: a name, a pronoun, "the broker"."""
    return noun.pos_ in ("PRON", "PROPN") or is_person(noun)


def is_hearsay(noun: "Token") -> bool:
    """ "Reports (say)", "Word (spread)", "according to rumours": of nobody, unlike "reports in the Times"."""
    lemma = noun.lemma_.lower()
    many = lemma in ("report", "rumor", "rumour") and noun.tag_ == "NNS"
    vague = lemma in ("gossip", "speculation", "word") and noun.lower_ == lemma
    loose = all(c.lower_ in load_cues().hearsay_adjectives for c in noun.lefts)
    return (many or vague) and loose and not any(noun.rights)


def only_hears(verb: "Token") -> bool:
    """ "I hear (that p)", "The court heard (that p)": nobody commits to it."""
    subject = own_subject(verb)
    if verb.lemma_ != "hear" or subject is None:
        return False
    return subject.lower_ in ("i", "one", "we") or subject.lemma_.lower() in load_cues().hearers


def is_reduced_passive(verb: "Token") -> bool:
    """ "Asked whether p, …", "when asked whether p"."""
    if verb.dep_ != "advcl":
        return False
    when = any(c.lower_ in ("when", "while", "if") and c.i < verb.i for c in verb.children)
    return verb.tag_ == "VBN" or (verb.tag_ == "VBD" and when and own_subject(verb) is None)


def goes_back_on(verb: "Token") -> bool:
    """ "(said that p) but admitted that q", "(said) and later admitted", which parsers take for a part of p."""
    clause = verb.head
    inside = verb.dep_ == "conj" and clause.dep_ == "ccomp" and own_subject(verb) is None
    then = any(c.lower_ in _LATER for c in verb.children)
    then |= any(c.lower_ in _FIRST for c in clause.head.children)
    but = any(c.dep_ == "cc" and c.lower_ == "but" for c in clause.rights if c.i < verb.i)
    then |= but and not _may_speak(clause)
    says = {cue_lemma(v) in load_cues().verbs for v in (verb, clause.head)}
    return inside and then and says == {True} and cue_lemma(clause) not in load_cues().verbs


def _may_speak(clause: "Token") -> bool:
    """Whether the subject of a clause may be who goes on to say something: "Jones was there but denied it"."""
    subject = subject_of(clause)
    if subject is None or subject.tag_ in ("NNS", "NNPS") or subject.lower_ == "it":
        return False
    return may_be_person(subject)


def _is_called_by_other(verb: "Token") -> bool:
    """Whether a participle hangs on a thing but tells what is done to it: "slammed a report, calling it baseless"."""
    thing = verb.head
    hangs = verb.dep_ == "acl" and verb.tag_ == "VBG" and thing.dep_ == "dobj"
    calls = verb.lemma_.lower() in load_cues().characterizing_verbs
    return hangs and is_behind_comma(verb) and calls and any(c.dep_ == "dobj" for c in verb.rights)


def is_added(verb: "Token") -> bool:
    """Whether a verb begins what is added behind something said: ", dismissing the idea"."""
    added = verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.head.dep_ in ("ccomp", "acl")
    cues = load_cues()
    says = cue_lemma(verb) in cues.verbs or verb.lemma_ in cues.characterizing_verbs
    return added and is_behind_comma(verb) and verb.i > verb.head.i and says


def is_behind_comma(head: "Token") -> bool:
    """Whether a phrase, given by its head, follows a comma or a dash."""
    first = head.left_edge.i
    return first > 0 and head.doc[first - 1].text in (",", "--", "–", "—")


def said_beside(clause: "Token") -> "Token | None":
    """ "contends", of "(whether p), as Ann contends": a verb that says what it hangs on, and nothing else."""
    cues = load_cues()
    for verb in clause.rights:
        says = verb.dep_ == "advcl" and has_mark(verb, "as") and cue_lemma(verb) in cues.verbs
        bare = not any(c.dep_ in ("ccomp", "dobj", "xcomp") for c in verb.children)
        if says and bare and own_subject(verb) is not None and not is_negated(verb):
            return verb
    return None


def antecedent(subject: "Token") -> "Token | None":
    """ "bridge", of "that" in "a bridge that officials say was unsafe"; None of what stands for no noun."""
    if subject.tag_ not in ("WDT", "WP") or subject.lower_ not in ("that", "which", "who"):
        return None
    verb = subject.head
    while verb.dep_ == "ccomp" and cue_lemma(verb.head) in load_cues().verbs:
        verb = verb.head
    noun = verb.head if verb.dep_ == "relcl" else None
    return noun if noun is not None and noun.pos_ in ("NOUN", "PROPN") else None


def is_relative(token: "Token") -> bool:
    """ "which", or "that", in "a charge that she denies"."""
    deps = ("dobj", "nsubj", "nsubjpass", *(("mark",) if token.head.dep_ == "relcl" else ()))
    return token.lower_ in ("which", "that") and token.dep_ in deps


def relative_clause(verb: "Token") -> "Token | None":
    """The first verb of the relative clause that a verb belongs to: "faced" in "a charge that she faced and denied"."""
    while verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX") and own_subject(verb) is None:
        verb = verb.head
    relative = verb.dep_ == "relcl" or _is_added_to_claim(verb) or _is_added_which(verb)
    return verb if relative else None


def _is_added_which(verb: "Token") -> bool:
    """ "(said p), which Ann denies", where the parser makes that a part of p."""
    first = verb.left_edge
    hangs = verb.dep_ in ("ccomp", "advcl") and verb.head.i < first.i
    return hangs and first.lower_ == "which" and is_relative(first) and is_behind_comma(verb)


def _is_added_to_claim(verb: "Token") -> bool:
    """ ", a claim rejected by Ann", and ", a claim that Ann disputes" to some parsers."""
    noun = verb.head
    if verb.dep_ != "acl" or not is_behind_comma(noun) or not names_claim(noun):
        return False
    article = any(c.lower_ in ("a", "an") for c in noun.lefts)
    whole = any(c.dep_ in _COMPLEMENTS for c in verb.children)
    gap = verb.tag_ == "VBN" if own_subject(verb) is None else has_mark(verb, "that")
    return article and gap and not whole


def clause_of(verb: "Token") -> "Token | None":
    """Head of the clause that a verb of saying takes, whether before, behind or around it."""
    for child in verb.children:
        if child.dep_ == "ccomp" and (has_subject(child) or child.tag_ != "VBG"):
            if verb.dep_ == "parataxis" and _is_added_which(child):
                continue  # "(p), residents say, which Ann denies"
            return child
    asks = cue_stance(verb) == "questions"
    for child in verb.rights:
        if child.dep_ == "advcl" and asks and has_mark(child, "if", "whether"):
            return child
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    if passive is not None and passive.lower_ != "it":
        return None  # "(10,000 are expected)" says nothing of what is around
    for child in verb.children:
        if child.dep_ == "parataxis" and has_subject(child):
            return child
    if verb.dep_ == "parataxis" and verb.head != verb and has_subject(verb.head):
        return verb.head
    return None


def holds_anyway(clause: "Token") -> bool:
    """Whether what a clause hangs on holds in any case: "even if it rains", "whether she agrees or not"."""
    words = [t.lower_ for t in clause.subtree]
    if clause.dep_ != "advcl":
        return False
    if has_mark(clause, "if"):
        return words[:2] in (["especially", "if"], ["even", "if"], ["particularly", "if"])
    return has_mark(clause, "whether") and "or not" in " ".join(words)


def claim_clause(noun: "Token") -> "Token | None":
    """The clause of "the claim that p", "claims p" or "attacks from Ann that p"; none in "the claim that he made"."""
    kinds = (c.lower_ for c in noun.lefts if c.dep_ == "compound")
    if noun.lemma_ == "account" and any(kind not in _TOLD_BY for kind in kinds):
        return None  # "the email account that she used"
    for child in noun.children:
        if child.dep_ not in ("acl", "ccomp", "relcl") or not has_subject(child):
            continue
        complete = any(c.dep_ in _COMPLEMENTS and not is_that(c) for c in child.children)
        complete |= _agrees_to(child)
        relative = any(t.tag_ in ("WDT", "WP", "WP$", "WRB") or is_relative(t) for t in child.lefts)
        if has_mark(child, "that"):
            gap = any(is_that(c) for c in child.lefts)  # "a charge that she has faced"
            gap &= child.lemma_ in load_cues().making_verbs
            if complete or not (gap or _takes_claims(child)):
                return child
        elif (not relative or _is_whole(child)) and noun.lemma_.lower() in load_cues().nouns:
            lacks_object = child.lemma_ in load_cues().making_verbs  # "the claim he made"
            if complete or not (lacks_object or _takes_claims(child)):
                return child
    return _clause_behind_source(noun)


def _clause_behind_source(noun: "Token") -> "Token | None":
    """The clause of "attacks from Ann and others that p", which the parser hangs on the others or on a verb."""
    after = noun.nbor() if noun.i + 1 < len(noun.doc) else noun
    sources = [p for p in after.children if p.dep_ == "pobj"] if after.lower_ in _SOURCES else []
    for source in sources:
        end = source.right_edge
        that = end.nbor() if end.i + 1 < len(noun.doc) else end
        if that.lower_ == "that" and that.dep_ == "mark" and that.head.dep_ == "ccomp":
            return that.head
        for clause in (c for name in (source, *source.conjuncts) for c in name.rights):
            subject = own_subject(clause) if clause.dep_ in ("relcl", "acl") else None
            that = clause.left_edge
            complete = any(c.dep_ in _COMPLEMENTS for c in clause.rights)
            if that.lower_ == "that" and subject not in (None, that) and complete:
                return clause
    return None


def _agrees_to(verb: "Token") -> bool:
    """ "(the claim that) they agreed to cuts"."""
    to = (c for c in verb.children if c.dep_ == "prep" and c.lower_ == "to")
    return verb.lemma_ == "agree" and any(p.dep_ == "pobj" for c in to for p in c.children)


def _takes_claims(verb: "Token") -> bool:
    """Whether the object that a relative clause lacks may be a claim: "the claim he denies"."""
    cues = load_cues()
    return cue_lemma(verb) in cues.verbs or verb.lemma_.lower() in cues.characterizing_verbs


def called_behind(verb: "Token", clause: "Token") -> "list[Token]":
    """What "called the claim that p a lie" calls the claim, though the parser may take it for a part of p."""
    behind_as = (c for v in (verb, clause) for c in v.rights if c.lower_ == "as")
    if verb.lemma_.lower() not in load_cues().naming_verbs:  # "dismissed the idea that p as a myth"
        return next((list(c.subtree) for c in behind_as if c.i > clause.i), [])
    end = max(verb.right_edge.i, clause.right_edge.i) + 1
    behind = list(verb.doc[clause.i + 1 : end])
    quoted = [t for t in behind if t.text in ("“", '"', "``", "‘")]
    if quoted:
        first = quoted[-1].i
        closed = (t.i for t in behind if t.i > first and t.text in ("”", "''", "’"))
        last = next(closed, end)
        goes_on = last < end - 1 and verb.doc[last + 1].pos_ == "DET"  # the word “traitor” a lie
        article = verb.doc[first - 1].lower_ in ("a", "an", "the")  # called it a “ridiculous” claim
        if last - first <= _LONGEST_NAME + 1 and not goes_on:
            return [t for t in behind if first - article <= t.i < last and t not in quoted]
    for head in (verb, clause):
        names = [c for c in head.rights if c.i > clause.i and c.dep_ in _NAMES]
        if names:
            return list(names[-1].subtree)
    return []


def told_of(noun: "Token") -> "Token | None":
    """What a claim is of: the split in "reports of a split"; nothing in "his view of the world"."""
    if noun.lemma_.lower() in _OUTLOOKS:
        return None
    of = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    return next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None


def counted(thing: "Token") -> "Token":
    """ "the allegations" of "all of the allegations"; anything else as it is."""
    return (told_of(thing) if thing.lower_ in _QUANTITIES else None) or thing


def quantity_of(thing: "Token") -> "Token":
    """The way back: "all" of "all of the allegations", given by "allegations"; anything else as it is."""
    quantity = thing.head.head
    return quantity if quantity != thing and counted(quantity) == thing else thing


def _is_whole(clause: "Token") -> bool:
    """Whether a clause misses nothing that its "that" could be: it has a subject, and a verb without an object."""
    that = next(clause.lefts, None)
    lacks = clause.lemma_ in load_cues().making_verbs or cue_lemma(clause) in load_cues().verbs
    found = that is not None and that.lower_ == "that" and that.dep_ == "dobj"
    if found and is_passive(clause):  # "the rumour that it had been sold"
        return True
    return found and own_subject(clause) is not None and not lacks


def subject_of(verb: "Token") -> "Token | None":
    """A verb's subject, also where the parser hangs it on the auxiliary."""
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    subjects = (
        c for v in (verb, *auxiliaries) for c in v.children if c.dep_ in (*SUBJECTS, "expl")
    )
    return next(subjects, None)


def has_subject(verb: "Token") -> bool:
    return subject_of(verb) is not None


def is_wh_clause(clause: "Token") -> bool:
    """ "why p", "how many …", "who might replace him"."""
    first = next((t for t in clause.subtree if t.i >= clause.left_edge.i), clause)
    return first.lower_ in ("how", "what", "when", "where", "which", "who", "whom", "whose", "why")


def has_mark(clause: "Token", *words: str) -> bool:
    return any(c.lower_ in words and (c.dep_ == "mark" or is_that(c)) for c in _around(clause))


def is_that(token: "Token") -> bool:
    """Whether a word is the "that" before a clause, which parsers also take for its object."""
    before = token.head.i > token.i and token.head.pos_ in ("VERB", "AUX")
    return token.lower_ == "that" and token.tag_ == "IN" and token.dep_ == "dobj" and before


def _around(verb: "Token") -> "Iterator[Token]":
    """What hangs on a verb or, as parsers sometimes have it, on its auxiliary."""
    for child in verb.children:
        yield child
        if child.dep_ in ("aux", "auxpass"):
            yield from child.children

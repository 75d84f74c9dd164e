"""Who passes each guard of people and agencies, to whom there is nothing; others are refused.

The people are those of ``guard_scene``: of Alpha all but the last three serve as their names say in
the cast, Kai is a second coordinator, Gone was one, and one wears another's hat.  Pat administers
the portal and has an analyst's post of Alpha, which no service gives to such a person.
"""

from __future__ import annotations

Answers = dict[str, set[str]]

ALPHAS = {"ana", "sam", "lee", "kim", "ida", "kai", "gone", "another's hat", "kim, in ana's hat"}
BRAVOS = {"bo", "bea", "bud"}
PAT = {"pat", "pat, administering"}
OUT = {"nia", "hatless", "rex, disabled", "zoe, asleep"}
"""Whoever has no post, or administers no more."""


def answers(passes: set[str], nothing: set[str]) -> Answers:
    """Return who passes, and to whom there is nothing there."""
    return {"passes": passes, "nothing": nothing}


EXPECTED: dict[str, Answers] = {
    "administers": answers({"root", *PAT, "the portal"}, set()),
    "coordinates somewhere": answers({"kim", "kai", "bea"}, set()),
    "coordinates Alpha": answers({"kim", "kai", "the portal"}, set()),
    "administers, or restricts in Alpha": answers(
        {"sam", "lee", "kim", "kai", "root", *PAT, "the portal"}, set()
    ),
    "runs Alpha's people": answers(
        {"kim", "kai", "the portal"}, BRAVOS | OUT | {"root", "pat, administering"}
    ),
    "in charge of Lee's post": answers({"kim", "kai", "root", *PAT, "the portal"}, BRAVOS | OUT),
    "in charge of Kai's post": answers({"root", *PAT, "the portal"}, BRAVOS | OUT),
    "in charge of Pat's post": answers({"root", "the portal"}, BRAVOS | OUT),
    "in charge of Bo's post": answers({"bea", "root", *PAT, "the portal"}, ALPHAS | OUT),
    "in charge of Lee": answers({"kim", "kai", "root", *PAT, "the portal"}, BRAVOS | OUT),
    "in charge of Kai": answers({"root", *PAT, "the portal"}, BRAVOS | OUT),
    "in charge of Bo": answers({"bea", "root", *PAT, "the portal"}, ALPHAS | OUT),
    "in charge of Root": answers({"the portal", *PAT}, ALPHAS | BRAVOS | OUT),
    "in charge of Pat": answers({"root", "the portal"}, BRAVOS | OUT),
    "in charge of Tia, of both": answers({"kim", "kai", "bea", "root", *PAT, "the portal"}, OUT),
    "in charge of Gil, who left": answers(
        {"root", *PAT, "the portal"},
        BRAVOS
        | OUT
        | {"ana", "sam", "lee", "kim", "ida", "kai", "another's hat", "kim, in ana's hat"},
    ),
    "looks after Ana": answers(
        {"kim", "kai", "root", *PAT, "the portal"},
        BRAVOS | OUT | {"ana", "sam", "lee", "ida", "gone", "another's hat", "kim, in ana's hat"},
    ),
    "looks after Root": answers({"the portal", *PAT}, ALPHAS | BRAVOS | OUT),
    "looks after Pat": answers({"root", "the portal"}, ALPHAS | BRAVOS | OUT),
    "looks after Gil, who left": answers({"root", *PAT, "the portal"}, ALPHAS | BRAVOS | OUT),
    "may shut Ana out": answers(
        {"sam", "lee", "kim", "kai", "root", *PAT, "the portal"},
        BRAVOS | OUT | {"ana", "ida", "gone", "another's hat", "kim, in ana's hat"},
    ),
    "second of a new analyst": answers(
        {"sam", "kai", "the portal"}, BRAVOS | {"rex, disabled", "zoe, asleep"}
    ),
    "second of a coordinator": answers(
        {"root", *PAT, "the portal"}, BRAVOS | {"nia", "rex, disabled", "zoe, asleep"}
    ),
    "second of a wider post": answers(
        {"sam", "kai", "the portal"}, BRAVOS | {"nia", "rex, disabled", "zoe, asleep"}
    ),
    "consents for Bo's agency": answers(
        {"bea"}, ALPHAS | OUT | {"bo", "bud", "root", *PAT, "the portal"}
    ),
    "consents to a wider post": answers(
        set(), ALPHAS | BRAVOS | OUT | {"root", *PAT, "the portal"}
    ),
    "says no to a new analyst": answers(
        {"sam", "kai", "the portal"}, BRAVOS | {"rex, disabled", "zoe, asleep"}
    ),
    "says no to Bo's post": answers(
        {"sam", "kai", "bea", "the portal"}, {"bud", "nia", "rex, disabled", "zoe, asleep"}
    ),
    "lacks Bravo's consent": answers(ALPHAS | BRAVOS | OUT | {"root", *PAT, "the portal"}, set()),
    "lacks consent to a wider post": answers(set(), set()),
    "answers Alpha's review": answers(
        {"sam", "kim", "kai", "root", *PAT, "the portal"}, BRAVOS | OUT
    ),
    "looks at people": answers({"sam", "kim", "kai", "bea", "bud", "root", *PAT}, set()),
    "sees Ana": answers(
        {"ana", "sam", "kim", "kai", "another's hat", "root", *PAT},
        BRAVOS | OUT | {"lee", "kim, in ana's hat", "ida", "gone"},
    ),
    "sees Bo": answers(BRAVOS | {"root", *PAT}, ALPHAS | OUT),
    "sees Root": answers({"root", *PAT}, ALPHAS | BRAVOS | OUT),
    "sees Lee's post": answers(
        {"sam", "lee", "kim", "kai", "root", *PAT},
        BRAVOS | OUT | {"ana", "ida", "gone", "another's hat", "kim, in ana's hat"},
    ),
    "sees some post": answers(ALPHAS | BRAVOS | {"hatless", "root", *PAT}, set()),
}

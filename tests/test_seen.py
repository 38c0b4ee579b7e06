"""What can be concluded from what was seen: three-valued logic, in Python's own words."""

from collections.abc import Callable

import pytest

from auditor.kinds import CONFIG_MAP, POD
from auditor.objects import Obj
from auditor.seen import Gap, Seen, Unseen, either
from auditor.snapshot import gap

WHOLE = Seen((1, 2))
PART = Seen((1, 2), (Gap("numbers", "the page was torn"),))


def answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except Unseen:
        return "unseen"


@pytest.mark.parametrize(
    ("ask", "whole", "part"),
    [
        (lambda seen: any(n == 2 for n in seen), True, True),
        (lambda seen: any(n == 3 for n in seen), False, "unseen"),
        (lambda seen: all(n < 2 for n in seen), False, False),
        (lambda seen: all(n < 3 for n in seen), True, "unseen"),
        (lambda seen: 2 in seen, True, True),
        (lambda seen: 3 in seen, False, "unseen"),
        (lambda seen: bool(seen.where(lambda n: n > 1)), True, True),
        (lambda seen: bool(seen.where(lambda n: n > 2)), False, "unseen"),
        (lambda seen: seen.first(), 1, 1),
        (lambda seen: seen.where(lambda n: n > 2).first(), None, "unseen"),
        (sorted, [1, 2], "unseen"),
        (lambda seen: (seen + WHOLE).so_far, (1, 2, 1, 2), (1, 2, 1, 2)),
        (lambda seen: 3 in WHOLE + seen, False, "unseen"),
    ],
)
def test_what_was_seen_decides_or_nothing_does(
    ask: Callable[[Seen[int]], object], whole: object, part: object
) -> None:
    assert answer(lambda: ask(WHOLE)) == whole
    assert answer(lambda: ask(PART)) == part


def test_one_blind_spot_hides_one_thing() -> None:
    def look(n: int) -> list[int]:
        return [10 // n] if n else list(PART)

    found = Seen((0, 5, 10)).each(look)

    assert (found.so_far, found.gaps) == ((2, 1), PART.gaps)


def test_no_rule_can_swallow_it() -> None:
    def careless_rule() -> object:
        try:
            return list(PART)
        except Exception:
            return "cannot tell was turned into an answer"

    with pytest.raises(Unseen):
        careless_rule()


def thing(name: str, namespace: str) -> Obj:
    return Obj(POD, {"metadata": {"name": name, "namespace": namespace}})


def test_a_gap_elsewhere_does_not_matter_here() -> None:
    pods = Seen((thing("cart-0", "shop"),), (gap(POD, "403", "bank"),))

    assert answer(lambda: list(pods.within("shop"))) == [thing("cart-0", "shop")]
    assert answer(lambda: list(pods.within("bank"))) == "unseen"


def test_namespaces_that_were_not_asked_for_are_gaps() -> None:
    pods = Seen((thing("cart-0", "shop"),), (gap(POD, "not asked for", but=["shop"]),))

    assert answer(lambda: list(pods.within("shop"))) == [thing("cart-0", "shop")]
    assert answer(lambda: list(pods.within("bank"))) == "unseen"


def test_what_an_object_shows_may_lie_elsewhere() -> None:
    configs: Seen[Obj] = Seen((), (gap(CONFIG_MAP, "403", "bank"),))
    shown = configs.map(lambda config: thing(config.name, "shop"))

    assert answer(lambda: list(shown.within("shop"))) == "unseen"


def unseen() -> bool:
    raise Unseen(Gap("a label", "redacted"))


def test_either_holds_as_soon_as_one_test_does() -> None:
    assert either(unseen, lambda: True)
    assert not either(lambda: False, lambda: 0)
    with pytest.raises(Unseen):
        either(lambda: False, unseen)

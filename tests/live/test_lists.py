"""Lists are read to their end, or say that they were not."""

from __future__ import annotations

import pytest

from auditor.kinds import CRD, DEPLOYMENT, ENVOY_FILTER, NAMESPACE, POD
from auditor.seen import Gap, Unseen
from auditor.sources.live import Progress
from auditor.sources.live.asking import TRIES
from auditor.sources.live.readings import STARTS
from tests.live.api_server import Handler
from tests.live.faults import cut_short, endless, redirects, refuses, reset, says, silent
from tests.live.house import Bench, thing

EXPIRED = refuses(410, "Expired", "The provided continue parameter is too old")


def the_gap(bench: Bench, **settings: object) -> Gap:
    seen = bench.read([POD], **settings).seen(POD)
    with pytest.raises(Unseen):
        list(seen)
    [gap] = seen.gaps
    return gap


def test_ten_thousand_objects_come_in_twenty_pages(bench: Bench) -> None:
    bench.pods(10_000)

    seen = bench.read([POD]).seen(POD)

    assert len(list(seen)) == 10_000
    assert bench.api.paths.count("/api/v1/pods") == 20
    assert {request.query.get("limit") for request in bench.api.requests[1:]} == {"500"}


def test_an_empty_list_is_a_witness(bench: Bench) -> None:
    assert not bench.read([POD]).seen(POD)


def test_an_object_holds_only_what_its_kind_keeps(bench: Bench) -> None:
    spec = {"hostNetwork": True, "nodeName": "node-1"}
    bench.api.objects[POD] = [thing("web", "shop", spec=spec, status={"phase": "Running"})]

    [pod] = bench.read([POD]).seen(POD)

    assert pod.raw == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"hostNetwork": True},
        "status": {"phase": "Running"},
    }


def test_an_expired_list_starts_again(bench: Bench) -> None:
    bench.pods(1200)
    bench.fails(POD, None, None, EXPIRED)

    assert len(list(bench.read([POD]).seen(POD))) == 1200
    queries = [it.query.get("continue") for it in bench.api.requests if it.path == "/api/v1/pods"]
    assert queries == [None, "500", "1000", None, "500", "1000"]


def test_a_list_that_always_expires_is_a_gap(bench: Bench) -> None:
    bench.pods(600)
    bench.fails(POD, *(None, EXPIRED) * STARTS)

    assert the_gap(bench).why == (
        "410 Gone: The provided continue parameter is too old "
        "(the list expired before its end, 4 times)"
    )


def test_a_list_that_breaks_half_way_is_a_gap_beside_what_was_seen(bench: Bench) -> None:
    bench.pods(1200)
    bench.fails(POD, None, None, *[cut_short] * TRIES)

    seen = bench.read([POD]).seen(POD)

    assert len(seen.so_far) == 1000
    assert len(seen.gaps) == 1


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (refuses(429, "TooManyRequests", headers={"Retry-After": "7"}), [7.0, 7.0]),
        (refuses(429, "TooManyRequests"), [0.25, 0.5]),
        (refuses(500, "InternalError"), [0.25, 0.5]),
        (refuses(503, "ServiceUnavailable", headers={"Retry-After": "1"}), [1.0, 1.0]),
        (cut_short, [0.25, 0.5]),
        (reset, [0.25, 0.5]),
    ],
)
def test_what_passes_is_waited_for(bench: Bench, fault: object, waits: list[float]) -> None:
    bench.pods(3)
    bench.fails(POD, fault, fault)

    assert len(list(bench.read([POD]).seen(POD))) == 3
    assert bench.clock.waits == waits


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (
            refuses(500, "InternalError", "etcdserver: leader changed"),
            "500 Internal Server Error: etcdserver: leader changed (tried 5 times)",
        ),
        (
            refuses(429, "TooManyRequests", "busy", {"Retry-After": "1"}),
            "429 Too Many Requests: busy (tried 5 times)",
        ),
        (
            cut_short,
            "the answer was cut short: "
            "IncompleteRead(30 bytes read, 4066 more expected) (tried 5 times)",
        ),
        (reset, "the answer was cut short: Connection reset by peer (tried 5 times)"),
    ],
)
def test_what_does_not_pass_is_a_gap(bench: Bench, fault: object, why: str) -> None:
    bench.fails(POD, *[fault] * TRIES)

    gap = the_gap(bench)

    assert (gap.what, gap.why, gap.get) == ("pods", why, "kubectl get pods -A -o yaml")


def test_a_pause_longer_than_the_time_that_is_left_is_not_waited_for(bench: Bench) -> None:
    bench.fails(POD, refuses(429, "TooManyRequests", "busy", {"Retry-After": "3600"}))

    assert the_gap(bench).why == (
        "429 Too Many Requests: busy; waiting 3600 s as asked for; "
        "not finished within --timeout 300 (seconds)"
    )
    assert bench.clock.waits == []


def test_a_body_that_never_ends_is_left_at_the_deadline(bench: Bench) -> None:
    bench.fails(POD, endless(bench.clock))

    assert the_gap(bench, timeout=60).why.endswith("not finished within --timeout 60 (seconds)")


def test_a_list_that_is_waited_for_in_vain_is_a_gap_beside_its_pages(bench: Bench) -> None:
    """The thread that waits for the second page is left where it is, and its list with it."""

    def too_late(handler: Handler) -> None:
        bench.clock.advance(61)
        silent(handler)

    bench.pods(600)
    bench.fails(POD, None, too_late)

    seen = bench.read([POD], timeout=60).seen(POD)

    assert len(seen.so_far) == 500
    assert [gap.why for gap in seen.gaps] == ["not finished within --timeout 60 (seconds)"]


def test_silence_is_given_up_for_a_new_connection(bench: Bench) -> None:
    bench.pods(3)
    bench.fails(POD, silent)

    assert len(list(bench.read([POD], patience=0.3).seen(POD))) == 3
    assert bench.clock.waits[0] == 0.25


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            says(b'{"kind": "PodList", "items": [}'),
            "the answer is not JSON: Expecting value at line 1, column 31",
        ),
        (says(b"<html>sign in</html>"), "the answer is not JSON: Expecting value at line 1, "),
        (says(b'{"a": "\xff"}'), "the answer is not JSON: it is not UTF-8"),
        (says(b"[" * 100_000), "the answer is not JSON: a number is too long, or it is nested"),
        (says({"kind": "NodeList", "items": []}), "the answer is no PodList"),
        (says([]), "the answer is no PodList"),
        (says({"kind": "PodList", "items": {}}), "something that is no object was among them"),
        (says({"kind": "PodList", "items": ["a"]}), "something that is no object was among them"),
        (
            says({"kind": "PodList", "items": [{}]}),
            "something that is no object was among them: it has no metadata",
        ),
        (
            says({"kind": "PodList", "items": [{"metadata": {"name": "a", "labels": {"b": 1}}}]}),
            "something that is no object was among them: its labels are not all text",
        ),
        (redirects("https://sso.example.com/?t=1"), "302: the answer leads to https://sso.example"),
        (refuses(404, "NotFound", "gone"), "404 Not Found: gone"),
        (refuses(401, "Unauthorized"), "401 Unauthorized: Unauthorized"),
    ],
)
def test_an_answer_of_no_use_is_a_gap(bench: Bench, answer: object, why: str) -> None:
    bench.fails(POD, answer)

    seen = bench.read([POD, NAMESPACE]).seen(POD)

    assert seen.gaps[0].why.startswith(why)
    assert bench.clock.waits == []


def test_null_for_no_items_is_an_empty_list(bench: Bench) -> None:
    bench.fails(POD, says({"kind": "PodList", "apiVersion": "v1", "items": None}))

    assert not bench.read([POD]).seen(POD)


def test_the_same_page_again_and_again_is_a_gap(bench: Bench) -> None:
    page = {"kind": "PodList", "metadata": {"continue": "x"}, "items": [thing("a", "shop")]}
    bench.fails(POD, says(page), says(page))

    assert the_gap(bench).why == "the API server gives the same page again and again"


def test_a_conversion_webhook_that_fails_leaves_the_other_kinds(bench: Bench) -> None:
    said = (
        "conversion webhook for networking.istio.io/v1alpha3, Kind=EnvoyFilter failed: "
        'Post "https://hook.shop.svc:443/convert?timeout=30s": no endpoints available'
    )
    bench.fails(ENVOY_FILTER, *[refuses(500, "InternalError", said)] * TRIES)
    bench.api.objects[CRD] = [thing("envoyfilters.networking.istio.io")]

    snapshot = bench.read([ENVOY_FILTER, CRD])

    assert [gap.why for gap in snapshot.seen(ENVOY_FILTER).gaps] == [
        f"500 Internal Server Error: {said} (tried 5 times)"
    ]
    assert len(list(snapshot.seen(CRD))) == 1


def test_an_object_that_changes_between_pages_is_there_once_as_it_was_last(bench: Bench) -> None:
    def page(*pods: dict[str, object], more: str = "") -> object:
        metadata = {"continue": more} if more else {}
        return says({"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": pods})

    before = thing("web", "shop", status={"phase": "Pending"})
    after = thing("web", "shop", status={"phase": "Running"})
    bench.fails(POD, page(thing("a", "shop"), before, more="1"), page(after, thing("z", "shop")))

    pods = bench.read([POD]).seen(POD)

    assert [pod.name for pod in pods] == ["a", "web", "z"]
    assert [pod.at("status", "phase").value for pod in pods] == [None, "Running", None]


def test_an_object_that_goes_before_a_list_starts_again_is_gone(bench: Bench) -> None:
    def forget(handler: Handler) -> None:
        bench.api.objects[POD] = bench.api.objects[POD][1:]
        EXPIRED(handler)

    bench.pods(600)
    bench.fails(POD, None, forget)

    assert next(pod.name for pod in bench.read([POD]).seen(POD)) == "pod-00001"


def test_progress_is_told_for_each_kind(bench: Bench) -> None:
    bench.pods(700)

    bench.read([POD, DEPLOYMENT])

    assert {it for it in bench.progress if it.kind == POD} == {
        Progress(POD, "", 500, 200),
        Progress(POD, "", 700, done=True),
    }
    assert Progress(DEPLOYMENT, "", 0, done=True) in bench.progress

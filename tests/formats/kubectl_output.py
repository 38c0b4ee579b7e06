"""What happens to kubectl's output on its way into a file: remarks, encodings, line ends, cuts.

`2>&1` puts what kubectl says on standard error before the document, and its complaints after it.
PowerShell's `>` writes UTF-16 with a byte order mark and CRLF, Windows editors UTF-8 with one.
(kubernetes: client-go/rest/warnings.go, kubectl: pkg/cmd/util/helpers.go, klog's header at v1.32)
"""

from __future__ import annotations

import codecs

from tests.formats.cluster_state import ClusterState
from tests.formats.expectations import Coverage, Expected, How, occurring
from tests.formats.kubectl_get import (
    coverage_of_objects,
    everything,
    get_json,
    get_yaml,
    list_json,
    list_yaml,
)

DEPRECATED = "Warning: v1 ComponentStatus is deprecated in v1.19+\n"
DISCOVERY = (
    "E1123 08:51:24.715539   48213 memcache.go:287] couldn't get resource list for "
    "external.metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n"
)
REFUSED = "secrets"
FORBIDDEN = (
    'secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" at the '
    "cluster scope"
)
NOT_FOUND = 'namespaces "no-such" not found'


def remarks_before(state: ClusterState) -> bytes:
    """Warnings of the server and of the client, then the List in YAML."""
    return f"{DEPRECATED}{DISCOVERY}".encode() + list_yaml(state)


def remark_glued_to_json(state: ClusterState) -> bytes:
    """A script that joins lines: the List stands behind the warning, on the same line."""
    return DEPRECATED.rstrip("\n").encode() + list_json(state)


def refused_after(state: ClusterState, output: str = "yaml") -> bytes:
    """One type was forbidden: it is missing from the List, and only the last lines say so.

    The line of what was not found has one colon and a space, so that YAML takes it for a key.
    """
    things = [it for it in everything(state) if state.resource_of(it).key != REFUSED]
    printed = get_yaml(things) if output == "yaml" else get_json(things)
    complaints = (
        f"Error from server (Forbidden): {FORBIDDEN}\nError from server (NotFound): {NOT_FOUND}\n"
    )
    return (printed + complaints).encode()


def refused_after_json(state: ClusterState) -> bytes:
    return refused_after(state, "json")


def only_an_error(_state: ClusterState) -> bytes:
    """An unknown type among those asked for: kubectl prints nothing else."""
    return b'error: the server doesn\'t have a resource type "nosuch"\n'


def utf8_with_mark(state: ClusterState) -> bytes:
    return codecs.BOM_UTF8 + list_yaml(state)


def json_in_utf8_with_mark(state: ClusterState) -> bytes:
    return codecs.BOM_UTF8 + list_json(state)


def utf16(state: ClusterState) -> bytes:
    """PowerShell 5's `kubectl ... -o yaml > file`."""
    return codecs.BOM_UTF16_LE + _with_crlf(list_yaml(state)).decode().encode("utf-16-le")


def json_in_utf16(state: ClusterState) -> bytes:
    return codecs.BOM_UTF16_LE + _with_crlf(list_json(state)).decode().encode("utf-16-le")


def with_crlf(state: ClusterState) -> bytes:
    return _with_crlf(list_yaml(state))


def json_with_crlf(state: ClusterState) -> bytes:
    return _with_crlf(list_json(state))


def cut_list_yaml(state: ClusterState) -> bytes:
    """A List cut in the middle of an object: its `kind` was to come after the items."""
    whole = list_yaml(state)
    return whole[: len(whole) * 2 // 3]


def coverage_of_the_cut(state: ClusterState) -> Expected:
    """Any kind may go on behind the cut, and those that would have begun there are not there."""
    return occurring(state, How.CUT)


def coverage_with_a_refusal(state: ClusterState) -> Expected:
    return {**coverage_of_objects(state), REFUSED: Coverage(How.FAILED, why=FORBIDDEN)}


def coverage_of_an_error(state: ClusterState) -> Expected:
    return {it.key: Coverage(How.NOT_COLLECTED) for it in state.resources}


def _with_crlf(content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")

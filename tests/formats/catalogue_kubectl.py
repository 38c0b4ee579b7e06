"""The formats that kubectl makes by itself, with what can be read from each."""

from __future__ import annotations

from tests.formats import cluster_info_dump, kubectl_get, kubectl_output
from tests.formats.expectations import Format

_GET = "kubectl: pkg/cmd/get/get.go (1.32)"
_REMARKS = "kubernetes: client-go/rest/warnings.go; kubectl: pkg/cmd/util/helpers.go (1.32)"
_DUMP = "kubectl: pkg/cmd/clusterinfo/clusterinfo_dump.go (1.32)"

_objects = kubectl_get.coverage_of_objects
_typed = kubectl_get.coverage_of_typed_lists
_refused = kubectl_output.coverage_with_a_refusal

KUBECTL = (
    Format("kubectl get: a List in YAML", kubectl_get.list_yaml, _objects, _GET, ".yaml"),
    Format("kubectl get: a List in JSON", kubectl_get.list_json, _objects, _GET, ".json"),
    Format("kubectl get: kubectl 1.20", kubectl_get.list_of_old_kubectl, _objects, _GET, ".yaml"),
    Format("kubectl get: raw lists", kubectl_get.raw_lists, _typed, _GET),
    Format("kubectl get: raw, one file", kubectl_get.raw_lists_in_one_file, _typed, _GET, ".json"),
    Format(
        "kubectl get: raw, first pages",
        kubectl_get.raw_first_pages,
        kubectl_get.coverage_of_first_pages,
        _GET,
    ),
    Format("kubectl get: JSON lines", kubectl_get.json_lines, _objects, _GET, ".jsonl"),
    Format("kubectl get: JSON array", kubectl_get.json_array, _objects, _GET, ".json"),
    Format("kubectl get: List of Lists", kubectl_get.list_of_lists, _objects, _GET, ".json"),
    Format("kubectl get: items null", kubectl_get.null_items, _typed, _GET, ".json"),
    Format("kubectl get: YAML loop", kubectl_get.yaml_loop, _objects, _GET, ".yaml"),
    Format(
        "kubectl get: YAML loop without separators",
        kubectl_get.yaml_loop_without_separators,
        _objects,
        _GET,
        ".yaml",
    ),
    Format("kubectl get: JSON loop", kubectl_get.json_loop, _objects, _GET, ".json"),
    Format("kubectl get: a file a kind", kubectl_get.file_per_kind, _objects, _GET),
    Format("kubectl get: a file an object", kubectl_get.single_objects, _objects, _GET),
    Format(
        "kubectl get: objects in one file",
        kubectl_get.objects_in_one_file,
        _objects,
        _GET,
        ".yaml",
    ),
    Format("kubectl: remarks before", kubectl_output.remarks_before, _objects, _REMARKS, ".yaml"),
    Format(
        "kubectl: remark glued to JSON",
        kubectl_output.remark_glued_to_json,
        _objects,
        _REMARKS,
        ".json",
    ),
    Format(
        "kubectl: refusal behind YAML", kubectl_output.refused_after, _refused, _REMARKS, ".yaml"
    ),
    Format(
        "kubectl: refusal behind JSON",
        kubectl_output.refused_after_json,
        _refused,
        _REMARKS,
        ".json",
    ),
    Format("kubectl: UTF-8 mark, YAML", kubectl_output.utf8_with_mark, _objects, _GET, ".yaml"),
    Format(
        "kubectl: UTF-8 mark, JSON", kubectl_output.json_in_utf8_with_mark, _objects, _GET, ".json"
    ),
    Format("kubectl: UTF-16, YAML", kubectl_output.utf16, _objects, _GET, ".yaml"),
    Format("kubectl: UTF-16, JSON", kubectl_output.json_in_utf16, _objects, _GET, ".json"),
    Format("kubectl: CRLF, YAML", kubectl_output.with_crlf, _objects, _GET, ".yaml"),
    Format("kubectl: CRLF, JSON", kubectl_output.json_with_crlf, _objects, _GET, ".json"),
    Format(
        "kubectl: cut YAML",
        kubectl_output.cut_list_yaml,
        kubectl_output.coverage_of_the_cut,
        _GET,
        ".yaml",
    ),
    Format(
        "kubectl: only an error",
        kubectl_output.only_an_error,
        kubectl_output.coverage_of_an_error,
        _REMARKS,
        ".txt",
    ),
)
CLUSTER_INFO_DUMP = (
    Format(
        "cluster-info dump: directory, JSON",
        cluster_info_dump.directory,
        cluster_info_dump.expected_coverage,
        _DUMP,
    ),
    Format(
        "cluster-info dump: directory, YAML",
        cluster_info_dump.directory_yaml,
        cluster_info_dump.expected_coverage,
        _DUMP,
    ),
    Format(
        "cluster-info dump: output, JSON",
        cluster_info_dump.stream,
        cluster_info_dump.expected_coverage,
        _DUMP,
        ".txt",
    ),
    Format(
        "cluster-info dump: output, YAML",
        cluster_info_dump.stream_yaml,
        cluster_info_dump.expected_coverage,
        _DUMP,
        ".txt",
    ),
    Format(
        "cluster-info dump: ended by a refusal",
        cluster_info_dump.ended_by_a_refusal,
        cluster_info_dump.coverage_before_the_refusal,
        _DUMP,
        ".txt",
    ),
    Format(
        "cluster-info dump: cut in a log",
        cluster_info_dump.cut_in_a_log,
        cluster_info_dump.coverage_of_the_cut,
        _DUMP,
        ".txt",
    ),
)

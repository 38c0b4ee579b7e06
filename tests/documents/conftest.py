"""Both parsers that PyYAML may have been installed with."""

import pytest

from auditor.documents import events


@pytest.fixture(params=["libyaml", "pure python"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test with libyaml, and again as if PyYAML had been built without it."""
    if request.param == "pure python":
        monkeypatch.setattr(events, "libyaml", None)
    elif events.libyaml is None:
        pytest.skip("PyYAML was built without libyaml here")

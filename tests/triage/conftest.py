import pytest

from triage.pipeline import Pipeline, load


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return load()

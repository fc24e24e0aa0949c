"""The cases of the sample tasks, public and hidden."""

import pytest

from grader.cases import CaseFile
from tests.cases.sample_tasks import TASKS


@pytest.fixture(scope="session")
def public():
    return CaseFile.of("99_test", TASKS, 7, public=True)


@pytest.fixture(scope="session")
def hidden():
    return CaseFile.of("99_test", TASKS, 7, public=False)

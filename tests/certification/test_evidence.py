"""What was measured, as a certificate keeps it and a badge carries it."""

import pytest

from certification import evidence

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("value", "text"), [(0.957, "0.957"), (0.0812345678, "0.0812346"), (9, "9"), (None, ""), (1e-9, "1e-09")]
)
def test_numbers_as_text(value, text) -> None:
    assert evidence.number(value) == text

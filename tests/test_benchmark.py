"""What the benchmark measures with, without measuring."""

import benchmark
import pytest

from contradict.records import Statement

STATEMENTS = [
    Statement("a.txt", 0, 30, "The army bombed Homs.", "The army bombed Homs on Monday."),
    Statement("a.txt", 31, 50, "Rain fell.", "Rain fell in Aleppo."),
]


@pytest.mark.parametrize("most", [1, 2, 7])
def test_articles_come_again_with_other_names(most):
    """As many statements as asked for: the given ones first, then copies about others, elsewhere."""
    varied = benchmark.vary(STATEMENTS, most)
    assert varied[:2] == STATEMENTS[:most]
    assert len(varied) == len({(s.document, s.start) for s in varied}) == most
    assert len({s.proposition for s in varied}) == most


def test_memory_and_peak_are_measured():
    """The process holds some memory, and the processor multiplies at some rate, whatever it multiplies."""
    assert 10_000_000 < benchmark.peak_memory() < 100_000_000_000
    peak = benchmark.matrix_peak()
    assert set(peak) == {"float32", "bfloat16", "int8"}
    assert min(peak.values()) > 1e8

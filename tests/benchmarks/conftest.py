"""What the tests of the benchmark suite share: made-up records, as the rounds would hand them on."""

import pytest


@pytest.fixture
def record():
    """A writer of records: (round, peer, seconds a step, setting) in, a measurement's record out."""

    def write(number, peer, step_seconds, setting="", **changes):
        return {
            "round": number,
            "peer": peer,
            "setting": setting,
            "name": f"{peer} {setting}".strip(),
            "step_seconds": step_seconds,
            "start_seconds": 2.0,
            "peak_bytes": 500_000_000,
            "losses": [2.0, 0.5],
            "checks": {"compile_seconds": 1.0, "engine_step_seconds": step_seconds} if peer == "garasu" else {},
            "others_share": 0.0,
        } | changes

    return write

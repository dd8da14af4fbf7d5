"""Programs on a CPU run in the thread that calls them, unless the user has set JAX's variable."""

import os
import subprocess
import sys

import jax
import pytest

from garasu.train import dispatch

ASKED = """
import jax, numpy as np
from garasu.layers import Dense
from garasu.models import Sequential
Sequential([Dense(1)], seed=0).predict(np.ones((2, 3)))
print(jax.config.values["jax_cpu_enable_async_dispatch"])
"""


def test_a_model_sets_it():
    environment = {name: value for name, value in os.environ.items() if name != dispatch.VARIABLE}
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split()[-1] == "False"


@pytest.mark.parametrize("chosen", ["true", "false"])
def test_the_users_choice_stands(monkeypatch, chosen):
    told = []
    monkeypatch.setattr(jax.config, "update", lambda *setting: told.append(setting))
    monkeypatch.setenv(dispatch.VARIABLE, chosen)
    assert not dispatch.in_calling_thread()
    assert told == []
    monkeypatch.delenv(dispatch.VARIABLE)
    assert dispatch.in_calling_thread()
    assert told == [("jax_cpu_enable_async_dispatch", False)]

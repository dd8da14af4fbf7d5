"""Programs on a CPU run in the thread that calls them, unless the user has set JAX's variable."""

import os
import subprocess
import sys

import pytest

ASKED = """
import jax, numpy as np
from garasu.layers import Dense
from garasu.models import Sequential
model = Sequential([Dense(1)], seed=0)
model.predict(np.ones((2, 3)))
print(jax.config.values["jax_cpu_enable_async_dispatch"])
"""


@pytest.mark.parametrize(("chosen", "handed_over"), [(None, False), ("true", True), ("false", False)])
def test_the_users_choice_stands(chosen, handed_over):
    environment = {name: value for name, value in os.environ.items() if name != "JAX_CPU_ENABLE_ASYNC_DISPATCH"}
    if chosen is not None:
        environment["JAX_CPU_ENABLE_ASYNC_DISPATCH"] = chosen
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split()[-1] == str(handed_over)

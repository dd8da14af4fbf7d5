"""Ctrl-C: training stops when the program under way has ended, promptly, with that program's weights."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from garasu import layers, models
from garasu.callbacks import LambdaCallback
from garasu.train.interrupt import deferred

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import hashlib, time
import numpy as np
from garasu import layers, models
from garasu.callbacks import Callback

def digest(model):
    return hashlib.sha256(b"".join(array.tobytes() for array in model.get_weights())).hexdigest()

class Note(Callback):
    def on_progress(self, epoch, done, steps, logs):
        self.last = epoch, done, digest(self.model)
        if epoch == 1:
            print("training", flush=True)

draw = np.random.default_rng(0)
x, y = draw.random((4000, 64)).astype("float32"), draw.integers(0, 10, 4000)
model = models.Sequential([layers.Dense(32, activation="relu", input_shape=(64,)), layers.Dense(10, "softmax")], seed=0)
model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=EAGER)
note = Note()
try:
    model.fit(x, y, batch_size=10, epochs=10**6, verbose=0, callbacks=[note])
except KeyboardInterrupt:
    print("stopped", note.last[:2] == (model.epoch, model.position) and note.last[2] == digest(model), flush=True)
"""


@pytest.mark.parametrize("eager", [True, False])
def test_a_process_stops_promptly_with_the_last_program_s_weights(eager):
    command = [sys.executable, "-c", PROGRAM.replace("EAGER", str(eager))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True) as process:
        try:
            assert process.stdout.readline() == "training\n"
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    assert [line for line in out.splitlines() if line != "training"] == ["stopped True"]
    assert time.monotonic() - began < 10  # a quarter of a second is aimed at; other work may share this machine


@pytest.fixture
def model(small_data):
    """A compiled model that has been trained for an epoch, so that its program is there."""
    made = models.Sequential([layers.Dense(8, input_shape=(64,)), layers.Dense(3, activation="softmax")], seed=0)
    made.compile("adam", "sparse_categorical_crossentropy")
    made.fit(small_data["x"], small_data["t"], batch_size=10, verbose=0)
    return made


class TestInOneProcess:
    def test_impatience_loses_no_arrays(self, model, small_data, monkeypatch):
        """Ctrl-C again and again, between a program's end and the loop taking its arrays over."""
        train, seen = model.engine.train, []

        def hasty(*arguments):
            carry = train(*arguments)
            for _ in range(3):
                signal.raise_signal(signal.SIGINT)
            seen.append(model.engine.fetch(carry["params"]))
            return carry

        monkeypatch.setattr(model.engine, "train", hasty)
        with pytest.raises(KeyboardInterrupt):
            model.fit(small_data["x"], small_data["t"], batch_size=10, epochs=9, verbose=0)
        assert len(seen) == 1
        kernel = model.get_layer("dense").get_weights()[0]
        assert np.array_equal(kernel, seen[0]["dense"]["kernel"])
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def test_impatience_while_the_means_are_fetched(self, model, small_data, monkeypatch):
        """The place and the arrays stay together: what a second Ctrl-C cuts, a resumed fit ends as if never cut."""
        whole = models.Sequential([layers.Dense(8, input_shape=(64,)), layers.Dense(3, activation="softmax")], seed=0)
        cut = models.Sequential([layers.Dense(8, input_shape=(64,)), layers.Dense(3, activation="softmax")], seed=0)
        settings = {"batch_size": 10, "epochs": 2, "verbose": 0}
        for one in (whole, cut):
            one.compile("adam", "sparse_categorical_crossentropy")
        whole.fit(small_data["x"], small_data["t"], **settings)
        fetch = cut.engine.fetch

        def hasty(tree):
            found = fetch(tree)
            if "ok" in tree and int(found["step"]) == 1:
                for _ in range(3):
                    signal.raise_signal(signal.SIGINT)
            return found

        monkeypatch.setattr(cut.engine, "fetch", hasty)
        with pytest.raises(KeyboardInterrupt, match=r"epoch 1 after mini-batch 1\. fit\(\.\.\., resume=True\)"):
            cut.fit(small_data["x"], small_data["t"], **settings)
        assert (cut.position, cut.step) == (1, 1)
        cut.fit(small_data["x"], small_data["t"], **settings, resume=True)
        assert all(map(np.array_equal, whole.get_weights(), cut.get_weights()))

    def test_arrays_lost_by_the_engine(self, model, small_data, monkeypatch):
        """No memory left in the middle of a program: the error is told, and the model is as it was before this fit."""
        train, before = model.engine.train, model.get_weights()

        def failing(*arguments):
            train(*arguments)
            raise MemoryError

        monkeypatch.setattr(model.engine, "train", failing)
        with pytest.raises(MemoryError):
            model.fit(small_data["x"], small_data["t"], verbose=0)
        assert all(map(np.array_equal, model.get_weights(), before))
        monkeypatch.undo()
        model.fit(small_data["x"], small_data["t"], verbose=0)
        assert not np.array_equal(model.get_weights()[0], before[0])

    def test_a_second_one_outside_a_program_stops_at_once(self, model, small_data):
        """In a callback, say, that takes long."""

        def impatient(epoch, logs):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            pytest.fail("not reached")

        hook = LambdaCallback(on_epoch_end=impatient)
        with pytest.raises(KeyboardInterrupt):
            model.fit(small_data["x"], small_data["t"], verbose=0, callbacks=[hook])
        assert len(model.get_weights()) == 4


class TestDeferred:
    def test_noted_once_raised_twice(self):
        with deferred() as interrupted:
            assert not interrupted()
            signal.raise_signal(signal.SIGINT)
            assert interrupted()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def test_a_handler_of_the_program_s_own_stays(self):
        came = []
        before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
        try:
            with deferred() as interrupted:
                signal.raise_signal(signal.SIGINT)
                assert not interrupted()
        finally:
            signal.signal(signal.SIGINT, before)
        assert came == [signal.SIGINT]

    def test_in_another_thread_nothing_is_touched(self):
        import threading

        found = []

        def work():
            with deferred() as interrupted:
                found.append(interrupted())

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert found == [False]

"""A model file that was cut short or changed is always told as such; one half written never takes its place."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from garasu import layers, models
from garasu.messages import FileError
from garasu.networks import model_file
from garasu.networks.zoo import get

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A trained model's file of some 20 kB: its bytes, and a place for spoilt copies."""
    inner = [
        layers.Dense(24, activation="relu", input_shape=(16,)),
        layers.BatchNormalization(),
        layers.Dense(24, activation="tanh"),
        layers.Dense(3, activation="softmax"),
    ]
    model = models.Sequential(inner, seed=0, class_names=("a", "b", "c"))
    model.compile("adam", "sparse_categorical_crossentropy", ["acc"], run_eagerly=True)
    model.fit(np.ones((9, 16)), np.arange(9) % 3, verbose=0)
    folder = tmp_path_factory.mktemp("damage")
    return model.save(folder / "whole").read_bytes(), folder / "spoilt.safetensors"


def header_size(content):
    """Eight bytes of length, then that many of JSON."""
    return 8 + int.from_bytes(content[:8], "little")


def refused(content, place):
    place.write_bytes(content)
    with pytest.raises(FileError, match=r"spoilt\.safetensors"):
        models.load_model(place, engine="eager")


class TestDamage:
    def test_whole_it_loads(self, small):
        content, place = small
        place.write_bytes(content)
        assert models.load_model(place, engine="eager").class_names == ("a", "b", "c")
        assert len(content) > 15_000

    def test_cut_short_at_every_thousandth_byte(self, small):
        content, place = small
        cuts = {*range(0, len(content), 1000), 1, 7, 8, 9, header_size(content), len(content) - 1}
        for end in sorted(cuts):
            refused(content[:end], place)

    def test_a_byte_too_many(self, small):
        content, place = small
        refused(content + b"\0", place)

    def test_any_byte_of_the_header(self, small):
        """One bit of every fifth byte: the length, the names, the shapes, the JSON document, the hash itself."""
        content, place = small
        for position in (*range(8), *range(8, header_size(content), 5)):
            spoilt = bytearray(content)
            spoilt[position] ^= 1 << (position % 8)
            refused(bytes(spoilt), place)

    @given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
    def test_any_bit_anywhere(self, small, where, bit):
        content, place = small
        spoilt = bytearray(content)
        spoilt[int(where * len(content))] ^= 1 << bit
        refused(bytes(spoilt), place)

    @given(noise=st.binary(max_size=200))
    def test_any_other_file(self, small, noise):
        refused(noise, small[1])

    def test_c9_at_its_real_size(self, tmp_path):
        """Twelve megabytes, cut and flipped in some places."""
        network = get("c9").build()
        params, state = network.init(0)
        path = tmp_path / "spoilt.safetensors"
        model_file.write(path, {"params": params, "state": state}, {"name": "c9"})
        size = path.stat().st_size
        for end in range(size - 1000, 0, -size // 5):
            os.truncate(path, end)
            with pytest.raises(FileError, match="not a whole model file"):
                model_file.read(path)
        model_file.write(path, {"params": params, "state": state}, {"name": "c9"})
        with path.open("r+b") as file:
            file.seek(size // 2)
            byte = file.read(1)[0]
            file.seek(size // 2)
            file.write(bytes([byte ^ 16]))
        with pytest.raises(FileError, match="has changed since it was written"):
            model_file.read(path)


class TestContents:
    def test_arrays_keep_shape_type_and_bits(self, tmp_path):
        arrays = {
            "number": np.array(3.5, np.float32),
            "none": np.zeros((0, 4), np.float64),
            "backwards": np.arange(6, dtype=np.int32)[::-1],
            "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
            "odd": np.array([np.nan, np.inf, -0.0, 1e-45], np.float32),
        }
        document = {"text": "日本語", "nan": float("nan"), "nested": {"list": [1, 2.5, None]}}
        path = model_file.write(tmp_path / "m.safetensors", {"params": arrays}, document)
        found, told = model_file.read(path)
        for name, array in arrays.items():
            back = found[f"params/{name}"]
            assert (back.dtype, back.shape) == (array.dtype, array.shape), name
            assert back.tobytes() == np.asarray(array, order="C").tobytes(), name
        assert told["nested"] == document["nested"]
        assert told["text"] == "日本語"

    def test_a_newer_format_is_told(self, tmp_path):
        path = model_file.write(tmp_path / "m.safetensors", {}, {"format": 99})
        with pytest.raises(FileError, match="newer Garasu"):
            model_file.read(path)

    def test_a_file_of_another_program(self, tmp_path):
        from safetensors.numpy import save_file

        save_file({"a": np.ones(3)}, tmp_path / "m.safetensors")
        with pytest.raises(FileError, match="not a whole model file of Garasu"):
            model_file.read(tmp_path / "m.safetensors")

    def test_a_folder_and_nothing_at_all(self, tmp_path):
        for path in (tmp_path, tmp_path / "nothing"):
            with pytest.raises(FileError, match="There is no file"):
                model_file.read(path)

    def test_nothing_is_left_beside_it(self, tmp_path):
        model_file.write(tmp_path / "m.safetensors", {"params": {"a": np.ones(3)}}, {})
        with pytest.raises(FileError):
            model_file.write(tmp_path / "m.safetensors" / "below.safetensors", {}, {})
        assert [path.name for path in tmp_path.iterdir()] == ["m.safetensors"]


KILLER = """
import os, signal, sys, time
import numpy as np
from garasu.networks import model_file

path, moments = sys.argv[1], np.random.default_rng(0).random(20) * 0.03

def save(turn):
    model_file.write(path, {"params": {"a": np.full(400_000, turn, np.float32)}}, {"turn": turn})

save(0)
last = 0
for moment in moments:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        turn = last
        while True:
            turn += 1
            save(turn)
            os.write(tell, b".")
    os.close(tell)
    os.read(told, 1)  # one file at least is written
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(told)
    arrays, document = model_file.read(path)
    assert document["turn"] > last
    last = document["turn"]
    assert arrays["params/a"].shape == (400_000,) and (arrays["params/a"] == last).all()
    print("whole", flush=True)
"""


def test_kill_9_while_saving_twenty_times(tmp_path):
    """At twenty moments of a loop that saves all the time: the file always loads, whole, and never goes back."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", KILLER, str(tmp_path / "m.safetensors")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout.split(), done.stderr) == (["whole"] * 20, "")

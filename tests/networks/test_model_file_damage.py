"""A model file that was cut short or changed is always told as such; one being written never stands in for the old one."""

import os
import signal
import subprocess
import sys
import time
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
        """Each byte in turn, one of its bits: the length, the names, the shapes, the JSON document, the hash itself."""
        content, place = small
        for position in range(header_size(content)):
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


SAVER = """
import sys
import numpy as np
from garasu.networks import model_file

path, turn = sys.argv[1], int(sys.argv[2])
while True:
    model_file.write(path, {"params": {"a": np.full(400_000, turn, np.float32)}}, {"turn": turn})
    print(turn, flush=True)
    turn += 1
"""


class TestKill:
    def test_twenty_times_while_saving(self, tmp_path):
        """kill -9 at twenty moments of a loop that saves all the time: the file always loads, whole, and never goes back."""
        path, turn = tmp_path / "m.safetensors", 0
        model_file.write(path, {"params": {"a": np.zeros(400_000, np.float32)}}, {"turn": 0})
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        moments = np.random.default_rng(0).random(20) * 0.03
        for moment in moments:
            command = [sys.executable, "-c", SAVER, str(path), str(turn + 1)]
            with subprocess.Popen(command, env=environment, stdout=-1, text=True) as process:
                process.stdout.readline()  # one file at least is written
                time.sleep(moment)
                process.send_signal(signal.SIGKILL)
            arrays, document = model_file.read(path)
            assert document["turn"] > turn
            turn = document["turn"]
            assert (arrays["params/a"] == turn).all()

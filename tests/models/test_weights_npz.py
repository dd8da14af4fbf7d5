"""Weights as a plain ``.npz``: by name, exact, never pickled, never believed; a sentence for each fault."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from garasu import layers, models
from garasu.callbacks import LambdaCallback
from garasu.messages import FileError
from garasu.models import weights_file


@pytest.fixture
def model():
    """A maker of models with weights, scales and moving averages: 6 -> 4 -> 3."""

    def make(seed=1, **more):
        inner = [
            layers.Dense(4, input_shape=(6,), name="hidden"),
            layers.BatchNormalization(name="norm"),
            layers.Dense(3, activation="softmax", name="out"),
        ]
        made = models.Sequential(inner, seed=seed, name="small")
        made.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True, **more)
        return made

    return make


NAMES = [
    *("hidden/kernel", "hidden/bias", "norm/gamma", "norm/beta", "norm/moving_mean", "norm/moving_variance"),
    *("out/kernel", "out/bias"),
]


@pytest.fixture
def arrays(model):
    """The weights of a model by their names."""
    return dict(zip(NAMES, model().get_weights(), strict=True))


@pytest.fixture
def refused(model, tmp_path):
    """``refused(arrays)`` writes them as a user would, and gives the sentence that refuses them; the model stays."""

    def refuse(given=None, path=None):
        if given is not None:
            path = tmp_path / "w.npz"
            np.savez(path, **given)
        one = model(seed=2)
        before = one.get_weights()
        with pytest.raises(FileError) as caught:
            one.load_weights(path)
        assert all(map(np.array_equal, one.get_weights(), before))
        return str(caught.value).replace(str(path), "w.npz")

    return refuse


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
class TestWhatElseThereIs:
    """Either kind of file brings weights, and weights alone."""

    def test_the_optimizer_keeps_what_it_has(self, model, same, clouds, tmp_path, suffix):
        one, other = model(), model()
        for each in (one, other):
            each.fit(*clouds, epochs=2, verbose=0)
        other.load_weights(one.save_weights(tmp_path / f"w{suffix}"))
        for each in (one, other):
            each.fit(*clouds, verbose=0)
        assert same(one, other)

    def test_in_the_middle_of_a_fit(self, model, same, clouds, tmp_path, suffix):
        one, other = model(), model(seed=2)
        path = other.save_weights(tmp_path / f"w{suffix}")
        one.fit(*clouds, verbose=0, callbacks=[LambdaCallback(on_epoch_end=lambda *_: one.load_weights(path))])
        assert same(one, other)

    def test_in_the_precision_of_the_model(self, model, tmp_path, suffix):
        path = model(precision="float64").save_weights(tmp_path / f"w{suffix}")
        one = model(seed=2)
        one.load_weights(path)
        assert {array.dtype.name for array in one.get_weights()} == {"float32"}


class TestRoundTrip:
    def test_by_name_and_to_the_bit(self, model, same, clouds, tmp_path):
        one, other = model(), model(seed=2)
        one.fit(*clouds, verbose=0)
        path = one.save_weights(tmp_path / "w.npz")
        assert path == tmp_path / "w.npz" and list(np.load(path, allow_pickle=False)) == NAMES
        other.load_weights(path)
        assert same(one, other)
        np.testing.assert_array_equal(np.load(path)["norm/moving_mean"], one.get_weights()[4])

    def test_the_same_weights_are_the_same_file(self, model, tmp_path):
        first, second = (model().save_weights(tmp_path / name).read_bytes() for name in ("a.npz", "b.npz"))
        assert first == second

    def test_what_users_write_by_hand(self, model, arrays, same, tmp_path):
        """Compressed, of other types, column by column, of the other byte order."""
        one = model(seed=2)
        given = {name: np.asfortranarray(array.astype(">f8")) for name, array in reversed(arrays.items())}
        np.savez_compressed(tmp_path / "w.npz", **given)
        one.load_weights(tmp_path / "w.npz")
        assert same(one, model()) and one.get_weights()[0].dtype == np.float32
        np.savez(tmp_path / "w.npz", **{**arrays, "out/bias": np.array([1, 2, 3], np.int8)})
        one.load_weights(str(tmp_path / "w.npz"))
        assert one.get_weights()[-1].tolist() == [1.0, 2.0, 3.0]

    def test_in_float64(self, model, same, tmp_path):
        one, other = model(precision="float64"), model(seed=2, precision="float64")
        other.load_weights(one.save_weights(tmp_path / "w.npz"))
        assert same(one, other) and np.load(tmp_path / "w.npz")["out/bias"].dtype == np.float64

    def test_a_composite_has_its_paths(self, tmp_path):
        inner = layers.Residual([layers.Dense(3, name="a"), layers.BatchNormalization(name="b")], name="block")
        one, other = (models.Sequential([inner, layers.Dense(2)], seed=seed) for seed in (1, 2))
        for each in (one, other):
            each.build((None, 3))
        path = one.save_weights(tmp_path / "w.npz")
        other.load_weights(path)
        assert "block/a/kernel" in np.load(path) and "block/b/moving_mean" in np.load(path)
        assert all(map(np.array_equal, one.get_weights(), other.get_weights()))

    def test_arrays_of_no_and_of_one_number(self, tmp_path):
        given = {"a/none": np.zeros((0, 3), np.float32), "b/one": np.array(2.5)}
        path = weights_file.write(tmp_path / "w.npz", given)
        found = weights_file.read(path, {"a/none": (0, 3), "b/one": ()}, "m")
        assert found["a/none"].shape == (0, 3) and found["b/one"] == 2.5

    def test_where_one_name_stands_for_two_arrays(self):
        paths = ["params/a/w", "state/a/w", "params/b/w"]
        assert list(weights_file.names(paths)) == ["params/a/w", "state/a/w", "b/w"]

    def test_in_the_middle_of_a_fit(self, model, clouds, hook, tmp_path):
        """A callback brings back the weights it has written."""
        path = tmp_path / "w.npz"
        seen = []

        def end(callback, epoch, logs=None):
            if epoch == 0:
                callback.model.save_weights(path)
            else:
                callback.model.load_weights(path)
                seen.append(callback.model.get_weights())

        one = model()
        one.fit(*clouds, epochs=2, verbose=0, callbacks=[hook(on_epoch_end=end)])
        assert all(np.array_equal(a, np.load(path)[name]) for a, name in zip(seen[0], NAMES, strict=True))
        assert all(map(np.array_equal, one.get_weights(), seen[0]))


class TestWriting:
    def test_it_does_not_overwrite_unless_told_so(self, model, tmp_path):
        path = model().save_weights(tmp_path / "w.npz")
        before = path.read_bytes()
        with pytest.raises(FileError, match="exists already and is not overwritten"):
            model(seed=2).save_weights(path)
        assert path.read_bytes() == before
        model(seed=2).save_weights(path, overwrite=True)
        assert path.read_bytes() != before and [one.name for one in tmp_path.iterdir()] == ["w.npz"]

    def test_other_endings(self, model, tmp_path):
        with pytest.raises(FileError, match=r"written to \.safetensors or \.npz files, but the name is .*w\.h5"):
            model().save_weights(tmp_path / "w.h5")
        assert model().save_weights(tmp_path / "w").name == "w.safetensors"

    def test_a_folder_that_cannot_be(self, model, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(FileError, match=r"Cannot write .*Nothing that was there"):
            model().save_weights(tmp_path / "file" / "w.npz")

    def test_what_does_not_read_back_takes_no_place(self, model, tmp_path, monkeypatch):
        path = model().save_weights(tmp_path / "w.npz")
        before = path.read_bytes()
        monkeypatch.setattr(os, "fsync", lambda descriptor: os.truncate(next(tmp_path.glob(".w*")), 100))
        with pytest.raises(FileError):
            model(seed=2).save_weights(path, overwrite=True)
        assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == ["w.npz"]


class TestRefused:
    def test_a_missing_file(self, refused, tmp_path):
        assert refused(path=tmp_path / "none.npz").startswith("There is no file")

    def test_missing_and_extra_names(self, refused, arrays):
        assert refused({"a": np.ones(2)}) == (
            "w.npz does not hold exactly the weights of small. Missing: "
            + ", ".join(NAMES)
            + ". Not of this model: a. "
            "Build the same layers, or name the arrays as model.save_weights('w.npz') does."
        )
        del arrays["out/bias"]
        assert "Missing: out/bias. Not of this model: -. Build" in refused(arrays)

    def test_the_nearest_name_is_offered(self, refused, arrays):
        arrays["out/kernal"] = arrays.pop("out/kernel")
        assert refused(arrays).endswith(
            "Missing: out/kernel. Not of this model: out/kernal. Did you mean 'out/kernel' by 'out/kernal'? "
            "Rename it, or build the same layers."
        )

    def test_many_names_are_not_all_listed(self, refused):
        assert "(+22)" in refused({f"x{k}": np.ones(1) for k in range(30)})

    @pytest.mark.parametrize("shape", [(4, 6), (24,), (6, 5), ()])
    def test_a_wrong_shape(self, refused, arrays, shape):
        arrays["hidden/kernel"] = np.ones(shape)
        assert refused(arrays) == (
            f"w.npz: hidden/kernel must have the shape (6, 4), but has {shape}. "
            "Build the same layers, or transpose or reshape the array before it is written."
        )

    @pytest.mark.parametrize("dtype", ["complex64", "U3", "bool", "M8[s]"])
    def test_what_is_no_number(self, refused, arrays, dtype):
        arrays["out/bias"] = np.zeros(3, dtype)
        assert refused(arrays).startswith("w.npz: out/bias must hold real numbers, but its type is ")

    def test_a_pickle_is_never_opened(self, refused, arrays, tmp_path):
        class Bomb:
            def __reduce__(self):
                return os.mkdir, (str(tmp_path / "opened"),)

        arrays["out/bias"] = np.array([Bomb(), 1, 2], object)
        said = refused(arrays)
        assert said.startswith("w.npz: out/bias holds Python objects, which could run code when read, and not numbers.")
        (tmp_path / "w.npz").write_bytes(pickle.dumps(Bomb()))
        assert "is not a whole .npz file" in refused(path=tmp_path / "w.npz")
        assert not (tmp_path / "opened").exists()


class TestDamage:
    @pytest.fixture
    def content(self, model, tmp_path):
        return model().save_weights(tmp_path / "whole.npz").read_bytes()

    def refuse(self, refused, tmp_path, content):
        (tmp_path / "w.npz").write_bytes(content)
        said = refused(path=tmp_path / "w.npz")
        assert said.startswith("w.npz")
        return said

    def test_cut_short_anywhere(self, refused, tmp_path, content):
        for end in [0, 1, 3, *range(100, len(content), len(content) // 12), len(content) - 1]:
            assert "is not a whole .npz file" in self.refuse(refused, tmp_path, content[:end])

    def test_any_bit_of_the_numbers(self, refused, tmp_path, content, arrays):
        """The archive's own checksums see it."""
        for name in NAMES:
            spoilt = bytearray(content)
            place = content.index(arrays[name].tobytes())
            spoilt[place] ^= 4
            self.refuse(refused, tmp_path, bytes(spoilt))

    def test_any_bit_of_names_and_headers(self, model, refused, tmp_path, content):
        """It is refused, or it was a bit that says nothing (a date): never another error, never other weights."""
        expected = model().get_weights()
        for place in range(0, len(content), 7):
            spoilt = bytearray(content)
            spoilt[place] ^= 1 << (place % 8)
            (tmp_path / "w.npz").write_bytes(spoilt)
            one = model(seed=2)
            try:
                one.load_weights(tmp_path / "w.npz")
            except FileError:
                continue
            assert all(map(np.array_equal, one.get_weights(), expected)), place

    def put(self, path, arrays, name, content, **more):
        """An archive whose member ``name`` has this content."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, array in arrays.items():
                stream = io.BytesIO()
                np.lib.format.write_array(stream, array)
                archive.writestr(f"{each}.npy", content if each == name else stream.getvalue(), **more)

    def header(self, shape, dtype="<f4", version=(1, 0)):
        text = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode()
        size = len(text).to_bytes(2 if version == (1, 0) else 4, "little")
        return b"\x93NUMPY" + bytes(version) + size + text

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no array",
            b"\x93NUMPY\x09\x09",
            b"\x93NUMPY\x01\x00\xff\xff{",
            b"\x93NUMPY\x01\x00\x06\x00import",
            b"\x93NUMPY\x01\x00\x88\x13" + b"(" * 5000,
        ],
        ids=["nothing", "text", "version", "short", "code", "deep"],
    )
    def test_a_member_that_is_no_array(self, refused, arrays, tmp_path, content):
        self.put(tmp_path / "w.npz", arrays, "out/bias", content)
        assert "is not a whole .npz file" in refused(path=tmp_path / "w.npz")

    def test_too_few_and_too_many_numbers(self, refused, arrays, tmp_path):
        for count in (2, 4, 100_000):
            self.put(tmp_path / "w.npz", arrays, "out/bias", self.header((3,)) + bytes(4 * count))
            assert "is not a whole .npz file" in refused(path=tmp_path / "w.npz")

    @pytest.mark.parametrize("version", [(1, 0), (2, 0)])
    def test_a_bomb_is_not_unpacked(self, refused, arrays, tmp_path, version):
        """A gigabyte of zeros in a megabyte: behind a right header, behind a wrong one, and as a header."""
        from resource import RUSAGE_SELF, getrusage

        zeros = bytes(1 << 26)
        before = getrusage(RUSAGE_SELF).ru_maxrss
        for content in (
            self.header((3,), version=version) + zeros,
            self.header((1 << 28,), version=version) + zeros,
            b"\x93NUMPY\x02\x00" + (1 << 26).to_bytes(4, "little") + zeros,
        ):
            self.put(tmp_path / "w.npz", arrays, "out/bias", content)
            assert (tmp_path / "w.npz").stat().st_size < 1 << 18
            assert refused(path=tmp_path / "w.npz").startswith("w.npz")
        del content
        assert getrusage(RUSAGE_SELF).ru_maxrss - before < 250_000  # kB: what this test itself has made

    def test_a_name_that_stands_there_twice(self, refused, arrays, tmp_path):
        self.put(tmp_path / "w.npz", arrays, "", b"")
        with zipfile.ZipFile(tmp_path / "w.npz", "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("out/bias.npy", b"")
        assert "is not a whole .npz file ('out/bias.npy')" in refused(path=tmp_path / "w.npz")

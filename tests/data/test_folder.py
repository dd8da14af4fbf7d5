"""Folders as data sets: size and colour chosen, the split drawn and kept, what cannot be read left out."""

import os
import time
from collections import Counter

import numpy as np
import pytest

from garasu import data
from garasu.data import folder
from garasu.data.folder import FolderSettings, load, read_split, write_split
from garasu.data.stored import StoredPictures
from garasu.messages import DataError, FileError, SettingError
from garasu.pictures import PhotoPreparation
from tests.data.own_pictures import encoded, pets, picture, pixels, put

CLASSES = ("cat", "dog", "eel")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GARASU_PICTURE_CACHE", str(tmp_path / "caches"))


@pytest.fixture
def root(tmp_path):
    """Three classes of 10, 7 and 4 pictures."""
    counts = dict(zip(CLASSES, (10, 7, 4), strict=True))
    return put(
        tmp_path / "pets", {name: one for name, one in pets(10, CLASSES).items() if number(name) < counts[name[:3]]}
    )


def number(name):
    """The number of a picture within its class; ``own`` is that of its pixels."""
    return int(name.split("/")[1][:-4])


def own(name):
    return 1000 * CLASSES.index(name[:3]) + number(name)


def sides(found):
    """The names of the files for training and for testing."""
    return set(found.files.names("train")), set(found.files.names("test"))


def shares(found):
    """How many pictures of each class are for testing."""
    return dict(Counter(name.split("/")[0] for name in found.files.names("test")))


def test_pictures_labels_and_names_belong_together(root):
    found = load(root)
    assert isinstance(found.train_images, StoredPictures) and found.class_names == CLASSES and found.name == "pets"
    assert found.picture.shape == (10, 12, 3)
    for part in ("train", "test"):
        images, labels = getattr(found, f"{part}_images"), getattr(found, f"{part}_labels")
        for image, label, name in zip(images, labels, found.files.names(part), strict=True):
            assert name.startswith(CLASSES[label])
            np.testing.assert_array_equal(image, pixels(own(name)))  # of one size: as they are


def test_the_public_names_do_the_same(root):
    assert data.load_folder(root).sha256 == load(root).sha256 == load(str(root)).sha256


class TestSizeAndColour:
    def preparation(self, tmp_path, files, **settings):
        found = load(put(tmp_path / "own", files), FolderSettings(**settings)).picture
        return found.height, found.width, found.color, found.fit

    def test_one_small_size_is_kept(self, tmp_path):
        assert self.preparation(tmp_path, pets(2)) == (10, 12, True, "stretch")

    def test_up_to_128(self, tmp_path):
        files = {f"{kind}/{k}.png": picture(k, (128, 20)) for kind in "ab" for k in range(2)}
        assert self.preparation(tmp_path, files)[:2] == (128, 20)
        files = {name: picture(k, (129, 20)) for k, name in enumerate(files)}
        assert self.preparation(tmp_path, files)[:2] == (64, 64)

    def test_of_several_sizes_64_are_taken(self, tmp_path):
        assert self.preparation(tmp_path, pets(2) | {"cat/x.png": picture(5, (12, 10))})[:2] == (64, 64)

    def test_turned_by_the_camera_as_upright(self, tmp_path):
        from PIL import Image

        image = Image.fromarray(pixels(1))
        exif = image.getexif()
        exif[0x0112] = 6
        files = {f"{kind}/{k}.png": picture(k, (12, 10)) for kind in "ab" for k in range(2)}
        put(tmp_path / "own", files)
        image.save(tmp_path / "own" / "a" / "turned.png", exif=exif)
        found = load(tmp_path / "own")
        assert found.image_shape == (12, 10, 3)

    @pytest.mark.parametrize(("spread", "color"), [(0, False), (8, False), (9, True)])
    def test_grey_that_was_stored_as_colour(self, tmp_path, spread, color):
        array = np.repeat(pixels(1)[..., :1] // 2, 3, axis=-1)
        array[3, 3, 1] += spread
        files = {f"{kind}/{k}.png": encoded(np.roll(array, k, axis=0)) for kind in "ab" for k in range(2)}
        found = load(put(tmp_path / "own", files))
        assert found.picture.color == color and found.image_shape == ((10, 12, 3) if color else (10, 12))

    def test_as_asked_for(self, root):
        settings = FolderSettings((6, 8), "grey", "pad")
        found = load(root, settings)
        assert found.image_shape == (6, 8)
        first = pixels(own(found.files.names("test")[0]))
        np.testing.assert_array_equal(found.test_images[0], PhotoPreparation(6, 8, False, "pad")(first))

    @pytest.mark.parametrize("few", [31, 32])
    def test_only_a_few_are_looked_at(self, tmp_path, few):
        """One in colour among very many grey ones is not looked for; of up to 32 every one is."""
        files = {f"{'ab'[k % 2]}/{k:03}.png": encoded(pixels(k)[..., 0]) for k in range(few)}
        put(tmp_path / "own", files | {"b/999.png": picture(5)})
        assert load(tmp_path / "own").picture.color == (few == 31)

    def test_what_cannot_be_read_is_not_looked_at(self, tmp_path):
        files = pets(2) | {"cat/a.png": b"none", "cat/b.png": b""}
        assert self.preparation(tmp_path, files) == (10, 12, True, "stretch")

    @pytest.mark.parametrize(
        "wrong",
        [{"size": (0, 5)}, {"size": 64}, {"size": (5,)}, {"size": (True, 5)}, {"color": "blue"}, {"fit": "bend"}]
        + [{"test_share": share} for share in (0, 1, -0.1, 1.5, float("nan"), "x")],
    )
    def test_wrong_settings(self, wrong):
        (name,) = wrong
        with pytest.raises(SettingError, match=name):
            FolderSettings(**wrong)


class TestSplit:
    @pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.5, 0.9])
    def test_the_same_share_of_each_class_within_rounding(self, root, share):
        found = load(root, FolderSettings(test_share=share))
        for name, count in zip(CLASSES, (10, 7, 4), strict=True):
            expected = min(max(round(share * count), 1), count - 1)
            assert shares(found)[name] == expected
        train, test = sides(found)
        assert not train & test and len(train | test) == 21

    def test_the_seed_decides(self, root):
        first, same, other = (load(root, FolderSettings(seed=seed)) for seed in (1, 1, 2))
        assert sides(first) == sides(same) and first.sha256 == same.sha256
        assert sides(first) != sides(other) and first.sha256 != other.sha256
        assert shares(first) == shares(other)

    def test_a_class_of_one_is_for_training(self, tmp_path):
        found = load(put(tmp_path / "own", pets(5) | {"eel/1.png": picture(9)}))
        assert "eel/1.png" in found.files.names("train")

    def test_copies_are_on_one_side(self, tmp_path):
        files = pets(20)
        for k in range(0, 20, 2):
            files[f"cat/copy {k}.png"] = files[f"cat/again {k}.bin"] = encoded(pixels(k), compress_level=1)
        for seed in range(4):
            found = load(put(tmp_path / "own", files), FolderSettings(seed=seed))
            train, test = sides(found)
            for k in range(0, 20, 2):
                three = {f"cat/{k}.png", f"cat/copy {k}.png", f"cat/again {k}.bin"}
                assert three <= train or three <= test
            assert (found.files.copies, found.files.leaked) == (20, 0)

    def test_copies_in_two_classes_are_on_one_side_too(self, tmp_path):
        files = pets(10) | {f"dog/x{k}.png": picture(k) for k in range(10)}
        found = load(put(tmp_path / "own", files))
        train, test = sides(found)
        for k in range(10):
            assert {f"cat/{k}.png", f"dog/x{k}.png"} <= (train if f"cat/{k}.png" in train else test)
        assert found.files.copies == 10 and found.files.leaked == 0

    def test_the_split_that_someone_made_is_kept_with_its_copies(self, tmp_path):
        files = pets(4, prefix="train/") | pets(2, prefix="valid/")
        found = load(put(tmp_path / "own", files), FolderSettings(seed=5))
        assert sides(found) == ({n for n in files if n[0] == "t"}, {n for n in files if n[0] == "v"})
        assert (found.files.copies, found.files.leaked) == (4, 4)

    @pytest.mark.parametrize("root_name", ["train", "dog", "."])
    def test_the_names_of_the_folders_above_say_nothing(self, tmp_path, root_name, monkeypatch):
        put(tmp_path / "train" / "dog", pets(3))
        monkeypatch.chdir(tmp_path / "train" / "dog")
        found = load("." if root_name == "." else tmp_path / "train" / "dog")
        assert found.class_names == ("cat", "dog") and found.name == "dog"


class TestLeftOut:
    def test_one_in_a_hundred_is_named_and_counted(self, tmp_path):
        files = {f"{'ab'[k % 2]}/{k:03}.png": picture(k, (4, 4)) for k in range(200)}
        broken = {"a/050.png": files["a/050.png"][:40], "b/111.png": b"<html></html>"}
        found = load(put(tmp_path / "own", files | broken))
        assert sorted(found.files.reasons) == sorted(broken) == found.files.names("skipped")
        assert len(found.train_labels) + len(found.test_labels) == 198 and len(found.files.split) == 200
        for name, reason in found.files.reasons.items():
            assert str(tmp_path / "own" / name) in reason and "\n" not in reason

    def test_odd_pictures_warn_nobody(self, tmp_path):
        """A palette with transparency as bytes, damaged EXIF: decoders warn, and here a warning is an error."""
        from PIL import Image

        root = put(tmp_path / "own", pets(3))
        odd = Image.fromarray(pixels(5)).quantize(8)
        odd.save(root / "cat" / "odd.png", transparency=bytes([0, 255] * 4))
        Image.fromarray(pixels(6)).save(root / "cat" / "odd.tiff", tiffinfo={700: b"x"})
        Image.fromarray(pixels(7)).save(root / "cat" / "odd.jpg", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01")
        found = load(root)
        assert found.files.reasons == {} and len(found.files.split) == 9

    def test_a_file_that_goes_before_it_is_decoded(self, root, monkeypatch):
        real = folder.decode_once

        def late(*words):
            (root / "cat" / "3.png").unlink()
            return real(*words)

        monkeypatch.setattr(folder, "decode_once", late)
        found = load(root)
        assert list(found.files.reasons) == ["cat/3.png"] and "No such file" in found.files.reasons["cat/3.png"]

    def test_links_pipes_and_empty_folders(self, root):
        before = load(root)
        os.mkfifo(root / "cat" / "pipe.png")
        (root / "dog" / "up").symlink_to(root)
        (root / "fox").mkdir()
        (root / ".fox").mkdir()
        put(root, {"Thumbs.db": b"x", "list.csv": b"x", "cat/.hidden.png": picture(1)})
        assert load(root).sha256 == before.sha256 and load(root).files.split == before.files.split

    def test_a_class_of_papers_alone_is_named(self, root):
        put(root, {"fox/notes.txt": b"x"})
        with pytest.raises(DataError, match="'fox'"):
            load(root)

    @pytest.mark.parametrize("name", ["none", "none.zip", "cat/0.png", "x" * 300, "~nobody/at/all"])
    def test_no_folder_and_no_archive(self, root, name):
        with pytest.raises(FileError) as caught:
            load(name if name[0] == "~" else root / name)
        assert caught.value.key == "folders.missing"

    def test_a_home_folder_by_its_sign(self, root, monkeypatch):
        monkeypatch.setenv("HOME", str(root.parent))
        assert load("~/pets").sha256 == load(root).sha256

    def test_a_class_whose_training_pictures_are_all_broken(self, tmp_path):
        files = (
            pets(3, prefix="train/") | pets(2, prefix="test/") | {"train/eel/1.png": b"x", "test/eel/1.png": picture(3)}
        )
        with pytest.raises(DataError, match="'eel'") as caught:
            load(put(tmp_path / "own", files))
        assert caught.value.key == "folders.only_test"

    def test_thousands_of_tiny_pictures_quickly(self, tmp_path):
        one = [encoded(np.full((2, 2), k, np.uint8)) for k in range(200)]
        put(tmp_path / "own", {f"{'ab'[k % 2]}/{k}.png": one[k % 200] for k in range(3000)})
        began = time.perf_counter()
        found = load(tmp_path / "own")
        assert len(found.files.split) == 3000 and found.files.copies == 2800
        assert time.perf_counter() - began < 10  # a tenth of that where nobody else works


class TestKept:
    """The split of a run is asked for again, whatever has become of the folder."""

    def again(self, root, first):
        return load(root, FolderSettings(first.image_shape[:2], "rgb", seed=99), first.files.split)

    def test_the_same_again(self, root):
        first = load(root)
        second = self.again(root, first)
        assert second.sha256 == first.sha256 and second.files.split == first.files.split

    @pytest.mark.parametrize("new", ["cat/!.png", "cat/more/1.png", "ant/1.png", "zoo/1.png"])
    def test_files_and_classes_that_came_later_are_left_out(self, root, new):
        first = load(root)
        put(root, {new: picture(500)})
        second = self.again(root, first)
        assert second.sha256 == first.sha256 and second.class_names == CLASSES
        assert new not in [name for _, _, name in second.files.split]

    def test_files_that_are_gone_are_named(self, root):
        first = load(root)
        (root / "cat" / "2.png").unlink()
        (root / "dog" / "2.png").unlink()
        with pytest.raises(DataError, match=r"^2 pictures.*cat/2.png") as caught:
            self.again(root, first)
        assert caught.value.key == "folders.gone"

    def test_a_file_that_broke_is_named(self, root):
        first = load(root)
        put(root, {"cat/2.png": b"broken"})
        with pytest.raises(DataError, match=r"^1 pictures.*cat/2.png") as caught:
            self.again(root, first)
        assert caught.value.key == "folders.gone"

    @pytest.mark.parametrize("later", ["repaired", "gone", "broken otherwise", "untouched"])
    def test_one_that_was_skipped_stays_so(self, root, later):
        name = "cat/00.png"  # the first of all: the rows of all others would move
        put(root, {name: b"broken"})
        first = load(root)
        assert first.files.names("skipped") == [name]
        if later == "gone":
            (root / name).unlink()
        elif later != "untouched":
            put(root, {name: picture(700) if later == "repaired" else b"still broken"})
        second = self.again(root, first)
        assert second.sha256 == first.sha256 and sides(second) == sides(first)
        np.testing.assert_array_equal(second.test_images[:], first.test_images[:])

    def test_a_changed_picture_is_another_data_set(self, root):
        first = load(root)
        put(root, {"cat/2.png": picture(800)})
        assert self.again(root, first).sha256 != first.sha256

    def test_from_another_place(self, root, tmp_path):
        first = load(root)
        root.rename(tmp_path / "moved")
        assert self.again(tmp_path / "moved", first).sha256 == first.sha256

    def test_classes_nobody_could_read_keep_their_numbers(self, root):
        """The class of a skipped file alone is a class still, in the order it had."""
        first = load(root)
        split = tuple(one for one in first.files.split if one[1] != "dog" or one[2] == "dog/0.png")
        assert load(root, FolderSettings(), split).class_names == CLASSES


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("train", "cat", "cat/1.png")],
        [("train", 'c "a" t', 'c "a", t/\n1.png'), ("test", "犬", "犬/\udcff,.png"), ("skipped", " x", "'")],
        [("train", "a", "a/\r\n.png"), ("train", "a", "a/\r.png")],
    ],
)
def test_a_split_survives_being_written(rows):
    assert read_split(write_split(rows)) == rows


@pytest.mark.parametrize("content", [b"", b"part,class\n", b"a,b,c\nd,e\n", b'"a,b,c', b"a,b,c,d", b"\n\n"])
def test_what_is_no_split_is_refused(content):
    with pytest.raises(ValueError, match="part, class, file"):
        read_split(content)

"""Archives as a source: the same pictures and labels as from the folder, whatever packed them and however."""

import bz2
import gzip
import io
import lzma
import shutil
import subprocess
import tarfile
import zipfile
from unicodedata import normalize

import numpy as np
import pytest

from garasu.data import archive, folder
from garasu.data.archive import Archive
from garasu.messages import DataError
from tests.data.own_pictures import PACKINGS, pets, picture, put, tarred, zipped

PETS = pets(5) | pets(3, ("dog",), prefix="more/")  # a third class: more
KANJI = {"ねこ/一.png": picture(1), "ねこ/表.png": picture(2), "いぬ/ソ.png": picture(3), "いぬ/能.png": picture(4)}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GARASU_PICTURE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def packed(tmp_path):
    """Puts an archive's bytes into a file; what it is called says nothing."""

    def write(content, name="pets"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def same(first, second):
    """Two data sets of the same pictures, labels, classes and files, to the last bit."""
    assert first.class_names == second.class_names
    assert first.files.split == second.files.split
    for name in ("train_images", "test_images", "train_labels", "test_labels"):
        np.testing.assert_array_equal(getattr(first, name)[:], getattr(second, name)[:])
    assert first.sha256 == second.sha256


def names(path):
    return [one.name for one in Archive(path).items()]


class TestTheSameAsTheFolder:
    @pytest.mark.parametrize("prefix", ["", "./", "pets/"])
    @pytest.mark.parametrize("name", PACKINGS)
    def test_whatever_the_packing(self, tmp_path, packed, name, prefix):
        content = PACKINGS[name]({prefix + one: found for one, found in PETS.items()})
        same(folder.load(packed(content)), folder.load(put(tmp_path / "folder", PETS)))

    @pytest.mark.parametrize("order", [1, -1])
    def test_whatever_the_order_within(self, tmp_path, packed, order):
        content = tarred(dict(sorted(PETS.items())[::order]))
        same(folder.load(packed(content)), folder.load(put(tmp_path / "folder", PETS)))

    def test_with_a_split_of_its_own(self, tmp_path, packed):
        files = pets(3, prefix="train/") | pets(2, prefix="val/")
        found = folder.load(packed(tarred(files, "w:gz")))
        same(found, folder.load(put(tmp_path / "folder", files)))
        assert (len(found.train_labels), len(found.test_labels)) == (6, 4) and found.files.leaked == 4

    @pytest.mark.parametrize("name", PACKINGS)
    def test_a_broken_picture_is_left_out_as_from_the_folder(self, tmp_path, packed, name):
        files = PETS | {"cat/broken.png": PETS["cat/0.png"][:200], "dog/notes.txt": b"seen on Monday"}
        found, whole = folder.load(packed(PACKINGS[name](files))), folder.load(put(tmp_path / "folder", files))
        same(found, whole)
        assert sorted(found.files.reasons) == ["cat/broken.png", "dog/notes.txt"] == sorted(whole.files.reasons)

    @pytest.mark.parametrize("mode", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    def test_long_names_in_every_format_of_tar(self, tmp_path, packed, mode):
        files = {f"{'a long name ' * 7}{one}": content for one, content in PETS.items()}
        same(folder.load(packed(tarred(files, format=mode))), folder.load(put(tmp_path / "folder", files)))


class TestMadeByOthers:
    @pytest.mark.parametrize("flags", ["c", "cz", "cj", "cJ", "c --format=posix", "c --format=v7", "c --sparse"])
    def test_by_the_system_s_tar(self, tmp_path, flags):
        if shutil.which("tar") is None:
            pytest.skip("no tar on this system")
        put(tmp_path / "folder", PETS)
        letters, *more = flags.split()
        command = ["tar", f"-{letters}f", tmp_path / "pets", *more, "-C", tmp_path / "folder", "."]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            pytest.skip(f"tar -{flags}: {made.stderr}")
        if "v7" in flags:  # has no magic: nobody can tell it
            assert not archive.is_archive(tmp_path / "pets")
            return
        same(folder.load(tmp_path / "pets"), folder.load(tmp_path / "folder"))

    def test_by_the_system_s_zip(self, tmp_path):
        if shutil.which("zip") is None:
            pytest.skip("no zip on this system")
        put(tmp_path / "folder", PETS | KANJI)
        subprocess.run(["zip", "-rq", tmp_path / "pets.zip", "."], cwd=tmp_path / "folder", check=True)
        same(folder.load(tmp_path / "pets.zip"), folder.load(tmp_path / "folder"))

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
    def test_packed_in_parallel_as_several_streams(self, tmp_path, packed, pack):
        content = tarred(PETS)
        pieces = [pack(content[at : at + 3000]) for at in range(0, len(content), 3000)]
        same(folder.load(packed(b"".join(pieces))), folder.load(put(tmp_path / "folder", PETS)))

    def test_xz_with_zeros_between_and_behind_its_streams(self, packed):
        content = tarred(PETS)
        padded = lzma.compress(content[:5000]) + bytes(200_000) + lzma.compress(content[5000:]) + bytes(8)
        assert names(packed(padded)) == sorted(PETS)

    def test_backslashes_of_old_tools_of_windows(self, tmp_path, packed):
        content = zipped(PETS)
        for name in PETS:  # zipfile itself would not write them
            content = content.replace(name.encode(), name.replace("/", "\\").encode())
        assert b"cat\\0.png" in content
        same(folder.load(packed(content)), folder.load(put(tmp_path / "folder", PETS)))

    def test_what_systems_add_is_passed_over_and_papers_stand_outside(self, packed):
        junk = {"__MACOSX/pets/cat/._0.png": b"x", "pets/.DS_Store": b"x", "pets/cat/Thumbs.db": b"x"}
        papers = {"pets/README.md": b"x", "LICENSE": b"x"}
        found = {f"pets/{name}": content for name, content in PETS.items()} | junk | papers
        assert names(packed(zipped(found))) == sorted([*PETS, "README.md", "LICENSE"])
        assert folder.load(packed(zipped(found))).class_names == ("cat", "dog", "more")

    def test_folders_have_entries_of_their_own(self, packed):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr("cat/", b"")
            for name, content in PETS.items():
                file.writestr(name, content)
        assert names(packed(out.getvalue())) == sorted(PETS)


class TestNames:
    @pytest.mark.parametrize("name", PACKINGS)
    def test_in_any_script(self, packed, name):
        found = folder.load(packed(PACKINGS[name](KANJI)))
        assert found.class_names == ("いぬ", "ねこ") and names(packed(PACKINGS[name](KANJI))) == sorted(KANJI)

    @pytest.mark.parametrize("letters", ["utf-8", "cp932"])
    def test_without_the_mark_for_utf_8(self, packed, letters, monkeypatch):
        """Some letters of cp932 hold a backslash's byte; they are no folders."""
        monkeypatch.setattr(zipfile.ZipInfo, "_encodeFilenameFlags", lambda self: (self.filename.encode(letters), 0))
        content = zipped(KANJI)
        monkeypatch.undo()
        assert names(packed(content)) == sorted(KANJI)

    @pytest.mark.parametrize("name", PACKINGS)
    def test_in_pieces_as_macos_stores_them(self, packed, name):
        files = {normalize("NFD", f"ガラス{one}"): content for one, content in PETS.items()}
        found = folder.load(packed(PACKINGS[name](files)))
        assert found.class_names == ("ガラスcat", "ガラスdog", "ガラスmore")
        assert {one for _, _, one in found.files.split} == set(files)

    def test_bytes_that_are_no_letters(self, tmp_path, packed):
        files = {name.replace("cat", "c\udcfft"): content for name, content in PETS.items()}
        found = folder.load(packed(tarred(files)))
        assert found.class_names == ("c\\udcfft", "dog", "more")
        same(found, folder.load(put(tmp_path / "folder", files)))


class TestReading:
    def test_few_are_the_first_ones(self, packed):
        source = Archive(packed(tarred(dict(reversed(PETS.items())))))
        known = [one.name for one in source.items()]
        assert source.few(known, 3) == list(reversed(PETS))[:3]
        assert source.few(["cat/1.png"], 3) == ["cat/1.png"]

    def test_nothing_behind_the_last_that_is_wanted_is_unpacked(self, packed, monkeypatch):
        path, taken = packed(tarred(PETS, "w:gz")), []
        source = Archive(path)
        source.items()
        real = archive._Forward._taken
        monkeypatch.setattr(archive._Forward, "_taken", lambda self, size: taken.append(self) or real(self, size))
        (first,) = source.open(["cat/0.png"])
        with first[1]() as file:
            assert (first[0], file.read()) == ("cat/0.png", PETS["cat/0.png"])
        assert len(taken) <= 3  # its header and its bytes

    def test_from_the_cache_it_is_only_listed(self, packed, monkeypatch):
        path, walks, walk = packed(tarred(PETS, "w:gz")), [], archive._walk
        first = folder.load(path)
        monkeypatch.setattr(archive, "_walk", lambda path, wanted: walks.append(wanted) or walk(path, wanted))
        split = folder.FolderSettings(first.image_shape[:2], "rgb"), first.files.split
        same(folder.load(path, *split), first)
        assert walks == [None]

    @pytest.mark.parametrize("name", PACKINGS)
    def test_members_and_bytes(self, packed, name):
        path = packed(PACKINGS[name](PETS))
        assert {one.name: one.size for one in archive.members(path)} == {k: len(v) for k, v in PETS.items()}
        assert dict(archive.read(path, ["dog/1.png", "cat/2.png", "no/such.png"])) == {
            name: PETS[name] for name in ("dog/1.png", "cat/2.png")
        }

    def test_what_is_no_archive(self, tmp_path, packed):
        for path in (tmp_path, tmp_path / "none", packed(b"", "empty"), packed(picture(1), "picture")):
            assert not archive.is_archive(path)
        with pytest.raises(DataError) as caught:
            archive.members(packed(picture(1)))
        assert caught.value.key == "archives.none"

    def test_one_that_goes_away_is_named(self, packed):
        source = Archive(packed(zipped(PETS)))
        source.items()
        source.root.unlink()
        with pytest.raises(DataError, match="pets"):
            next(source.open(["cat/0.png"]))

    def test_a_change_makes_another_stamp(self, packed):
        first = Archive(packed(zipped(PETS))).items()
        assert Archive(packed(zipped(PETS | {"x.txt": b"1"}))).items()[0].stamp != first[0].stamp

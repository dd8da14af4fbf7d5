"""Classes and parts from the names of folders."""

from pathlib import Path
from unicodedata import normalize

import pytest

from garasu.data.layout import layout, without_common_folder
from garasu.messages import DataError

ROOT = Path("pets")


def found(*names):
    """Classes, (class, part) of each placed file, and what stands outside."""
    one = layout(ROOT, names)
    return one.classes, [(one.classes[file.label], file.part) for file in one.placed], one.outside


def refused(*names):
    with pytest.raises(DataError) as caught:
        layout(ROOT, names)
    return caught.value.key, caught.value.fields


def test_a_folder_for_each_class():
    assert found("dog/1", "cat/1", "cat/2") == (("cat", "dog"), [("dog", ""), ("cat", ""), ("cat", "")], ())


def test_folders_inside_a_class_s_folder_belong_to_it():
    classes, placed, _ = found("cat/young/small/1", "cat/2", "dog/old/3")
    assert (classes, placed) == (("cat", "dog"), [("cat", ""), ("cat", ""), ("dog", "")])


def test_files_in_the_root_stand_outside():
    assert found("1.png", "cat/1", "dog/1", "z.txt")[2] == ("1.png", "z.txt")


@pytest.mark.parametrize("train", ["train", "Train", "TRAINING"])
@pytest.mark.parametrize("test", ["test", "Testing", "val", "VALID", "Validation"])
def test_a_split_that_someone_made(train, test):
    classes, placed, outside = found(f"{train}/cat/1", f"{train}/dog/1", f"{test}/cat/2", "readme")
    assert (classes, outside) == (("cat", "dog"), ("readme",))
    assert placed == [("cat", "train"), ("dog", "train"), ("cat", "test")]


def test_of_test_and_val_the_test_is_taken_and_the_other_stands_outside():
    _, placed, outside = found("train/cat/1", "train/dog/1", "val/cat/2", "test/cat/3", "test/dog/3")
    assert [part for _, part in placed] == ["train", "train", "test", "test"] and outside == ("val/cat/2",)


def test_beside_a_split_files_and_other_folders_stand_outside():
    outside = found("train/cat/1", "train/dog/1", "test/cat/1", "train/list.csv", "more/cat/1", "a.txt")[2]
    assert outside == ("train/list.csv", "more/cat/1", "a.txt")


def test_one_half_alone_is_a_class_like_another():
    assert found("train/1", "plane/2")[0] == ("plane", "train")
    assert found("test/1", "exam/2")[0] == ("exam", "test")


@pytest.mark.parametrize("names", [[], ["a", "b"], ["cat/1"], ["train/1"], ["train/a/1", "test/a/2"]])
def test_fewer_than_two_classes(names):
    key, fields = refused(*names)
    assert key == "folders.classes" and fields["path"] == ROOT and fields["got"] < 2


def test_a_half_for_training_alone_is_no_class():
    assert refused("train/cat/1", "train/dog/1")[0] == "folders.only_train"


def test_a_class_for_testing_only():
    assert refused("train/cat/1", "train/dog/1", "test/eel/1") == ("folders.only_test", {"path": ROOT, "name": "eel"})


def test_a_class_for_training_only_is_one():
    assert found("train/cat/1", "train/dog/1", "test/cat/1")[0] == ("cat", "dog")


def test_pieces_and_whole_letters_are_one_class():
    whole, pieces = (normalize(form, "ガラス é") for form in ("NFC", "NFD"))
    assert whole != pieces
    classes, placed, _ = found(f"{pieces}/1", f"{whole}/2", "犬/3")
    assert classes == (whole, "犬") and [name for name, _ in placed] == [whole, whole, "犬"]


def test_bytes_that_are_no_letters_are_shown_as_numbers():
    classes = found("c\udcfft/1", "c\udcfet/2")[0]
    assert classes == ("c\\udcfet", "c\\udcfft") and all(name.isascii() for name in classes)


def test_files_keep_their_own_names():
    names = [normalize("NFD", "é/1"), "ü/\udcff"]
    assert [one.name for one in layout(ROOT, names).placed] == names


@pytest.mark.parametrize(
    ("names", "top"),
    [
        (["pets/cat/1", "pets/dog/1"], "pets/"),
        (["pets/cat/1", "pets/dog/1", "pets/readme", "licence"], "pets/"),
        (["pets/train/cat/1", "pets/test/cat/1"], "pets/"),
        (["cat/1", "dog/1"], ""),
        (["cat/1", "cat/2"], ""),
        (["cat/young/1", "dog/old/1"], ""),
        (["1", "2"], ""),
        ([], ""),
    ],
)
def test_the_one_folder_that_archives_often_have(names, top):
    assert without_common_folder(names) == top

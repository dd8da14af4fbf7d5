"""``garasu data``: which sets there are, what is in them, and what is said where one cannot be fetched."""

import pytest


def test_list_names_all(cli):
    found = {row["name"]: row for row in cli("data", "list", "--json").json["data"]}
    assert set(found) == {"digits", "digits-8x8", "fashion_mnist", "mnist"}
    assert found["digits"]["folder"] and found["mnist"]["folder"] is None
    assert found["mnist"]["bytes"] == 11_594_722 and len(found["fashion_mnist"]["mirrors"]) >= 2


@pytest.mark.parametrize("language", ["en", "ja"])
def test_show_says_what_is_in_it(cli, language):
    found = cli("data", "show", "digits", "--json").json
    assert found["rows"] == {"train": 1438, "test": 359} and found["image_shape"] == [28, 28]
    assert found["classes"] == list("0123456789") and len(found["sha256"]) == 64
    shown = cli("data", "show", "digits", "--lang", language)
    assert shown.code == 0 and found["sha256"] in shown.out and "1,438" in shown.out
    listed = cli("data", "list", "--lang", language)
    assert "garasu data get mnist" in listed.out and "11.6 MB" in listed.out


def test_get_of_what_is_always_here(cli):
    assert cli("data", "get", "digits", "--json").json["missing"] == []


def test_wrong_use(cli):
    cli("data", "fetch").sentence(2, "list, show, get")
    cli("data", "get").sentence(2, "garasu data get", "NAME")
    cli("data", "show", "minst").sentence(2, "minst", "mnist")


def test_nothing_is_fetched_or_asked_without_a_terminal(cli):
    cli("train", "c4", "--data", "mnist").sentence(1, "garasu data get mnist", "--data digits", "GARASU_DATA")

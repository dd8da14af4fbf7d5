"""``garasu summary``: the table of every network, by id and by name, for people and as JSON."""

import pytest

TOTALS = {
    ("c4", "softmax-regression"): 7_850,
    ("c5", "hidden-layer"): 814_090,
    ("c9", "keras-cnn"): 3_222_954,
    ("c14", "deep-online"): 96_106,
}

C9 = {"reshape": 0, "conv_filter": 416, "max_pooling": 0, "flatten": 0, "hidden": 3_212_288, "softmax": 10_250}


@pytest.mark.parametrize("names", TOTALS, ids=lambda names: names[0])
def test_id_and_name_lead_to_the_same_network(cli, names):
    table, found = cli("summary", names[0]), cli("summary", names[1], "--json")
    assert (table.code, table.err, found.code, found.err) == (0, "", 0, "")
    assert f"{TOTALS[names]:,}" in table.out and all(name in table.out for name in names)
    assert (found.json["network"], found.json["name"], found.json["parameters"]) == (*names, TOTALS[names])
    assert sum(layer["parameters"] for layer in found.json["layers"]) == TOTALS[names]
    for layer in found.json["layers"]:
        assert layer["name"] in table.out and f"{layer['parameters']:,}" in table.out


@pytest.mark.parametrize("name", ["c9", "C9", "keras-cnn"])
def test_c9_has_the_courses_numbers(cli, name):
    layers = cli("summary", name, "--json").json["layers"]
    assert {layer["name"]: layer["parameters"] for layer in layers} == C9
    assert [layer["output_shape"] for layer in layers] == [
        [None, 28, 28, 1],
        [None, 28, 28, 16],
        [None, 14, 14, 16],
        [None, 3136],
        [None, 1024],
        [None, 10],
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Param #", "Total params: 3,222,954"]), ("ja", ["パラメータ"])]
)
def test_the_table_of_c9_in_both_languages(cli, language, words):
    result = cli("summary", "c9", "--lang", language)
    rows = [line.split("│") for line in result.out.splitlines() if "│" in line]
    assert [row[3].strip() for row in rows] == [f"{count:,}" for count in C9.values()]
    assert all(word in result.out for word in [*words, "3,222,954"])
    assert all(len(line) <= 80 for line in result.out.splitlines())

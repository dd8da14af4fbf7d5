"""Wrong use: exit 2, one sentence in the language asked for that says what was expected, and no run folder."""

import pytest

UNKNOWN = {
    "verb": (["trian"], ["trian", "train"]),
    "network": (["train", "c44"], ["c44", "c4"]),
    "network-to-show": (["summary", "keras-cn"], ["keras-cn", "keras-cnn"]),
    "data": (["train", "--data", "mnsit"], ["mnsit", "mnist"]),
    "option": (["train", "--epoch", "3"], ["--epoch", "--epochs"]),
    "option-of-group": (["--landg", "ja", "runs"], ["--landg", "--lang"]),
    "optimizer": (["train", "--optimizer", "adma"], ["adma", "adam"]),
}
"""What is unknown: the words typed, and what the sentence must hold: the word, and the nearest known one."""

VALUES = {
    "epochs-none": ["--epochs", "0"],
    "epochs-huge": ["--epochs", "9" * 400],
    "epochs-part": ["--epochs", "1.5"],
    "batch-size": ["--batch-size", "-1"],
    "rate-negative": ["--learning-rate", "-1"],
    "rate-word": ["--learning-rate", "abc"],
    "rate-nan": ["--learning-rate", "nan"],
    "rate-infinite": ["--learning-rate", "1e400"],
    "seed-negative": ["--seed", "-1"],
    "seed-large": ["--seed", str(2**64)],
    "precision": ["--precision", "float16"],
    "engine": ["--engine", "jitt"],
    "reduction": ["--loss-reduction", "men"],
    "name-outside": ["--name", "../elsewhere"],
    "name-empty": ["--name", ""],
}
"""Options of train with values they cannot have."""

SHAPES = {
    "no-value": (["train", "--epochs"], "--epochs"),
    "value-of-flag": (["runs", "--json=yes"], "--json"),
    "no-network": (["summary"], "NETWORK"),
    "too-many": (["train", "c4", "c5"], "c5"),
    "resume-and-network": (["train", "c4", "--resume", "first"], "NETWORK"),
    "resume-and-seed": (["train", "--resume", "first", "--seed", "1"], "--seed"),
    "resume-and-name": (["train", "--resume", "first", "--name", "second"], "--name"),
}
"""Words that do not fit together, and the one that is in the way."""


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", UNKNOWN)
def test_of_an_unknown_word_the_nearest_known_one_is_offered(cli, case, language):
    words, expected = UNKNOWN[case]
    cli(*words, LANG=f"{language}_XX.UTF-8").sentence(2, *expected, language=language)
    assert not list(cli.folder.iterdir())


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", VALUES)
def test_a_value_out_of_range_names_its_option(cli, case, language):
    option, value = VALUES[case]
    line = cli("train", "c4", option, value, "--lang", language).sentence(2, option, repr(value), language=language)
    assert line.count("garasu") == 1
    assert not list(cli.folder.iterdir())


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", SHAPES)
def test_words_that_do_not_fit_are_named(cli, case, language):
    words, expected = SHAPES[case]
    cli(*words, LANG=f"{language}_XX.UTF-8").sentence(2, expected, language=language)
    assert not list(cli.folder.iterdir())


@pytest.mark.parametrize("words", [["--lang", "fr", "runs"], ["--lang=fr", "--help"], ["runs", "--lang", "fr"]])
def test_an_unknown_language_is_named(cli, words):
    cli(*words).sentence(2, "--lang", "'fr'", "en, ja")


def test_with_json_the_sentence_stands_in_an_object_too(cli):
    result = cli("train", "--epochs", "0", "--json")
    assert result.code == 2 and result.json["exit"] == 2
    assert result.err == f"garasu: {result.json['error']}\n"


@pytest.mark.parametrize(("engine", "device"), [("jit", "cpu:99"), ("eager", "tpu")])
def test_a_device_that_is_not_there_is_never_replaced(cli, engine, device):
    cli("train", "c4", "--device", device, "--engine", engine).sentence(1, device)
    assert not list(cli.folder.iterdir())


def test_of_an_unknown_device_the_nearest_is_offered(cli):
    cli("train", "c4", "--device", "gqu").sentence(2, "gqu", "gpu")

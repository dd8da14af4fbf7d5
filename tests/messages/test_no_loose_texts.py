"""Every text that a user reads comes from the catalogue: the source is searched for words that do not.

Three rules; where one of them is wrong, ``ALLOWED`` says why:

sentence   a literal with two words side by side, or with Japanese letters, wherever it stands
said       a literal with a word, among what is printed, drawn, raised, asked or shown as help
field      a literal with a word, handed to a sentence of the catalogue as a value

Docstrings are no texts of the program. An f-string is one literal, with {} for each of its values.
"""

import ast
import re
from pathlib import Path

import pytest

import garasu
from garasu.figures import style

SOURCE = Path(garasu.__file__).parent

LETTERS = r"(?:[A-Za-z]{2,}|\{\})"
JAPANESE = r"[぀-ヿ一-鿿]"
SENTENCE = re.compile(rf"{LETTERS}[.,:;!?]? (a )?[A-Za-z]{{2,}}|[A-Za-z]{{2,}}[.,:;!?]? (a )?{LETTERS}|{JAPANESE}")
WORD = re.compile(rf"[A-Za-z]{{2,}}|{JAPANESE}")
KEY = re.compile(r"[a-z_]+\.[a-z_0-9{}]+")

SAYS = re.compile(
    r"print|echo|secho|write|confirm|prompt|warn|add_column|add_row|add_task|section|append_text"
    r"|text|annotate|suptitle|set_(title|[xyz]label|label|text)|\w*(Error|Exception|Warning|Failure)"
    r"|tag|table|facts|folded"
)
"""What shows its arguments when it is called; ``text`` is that of axes, for the catalogue's own takes a key first."""

FILLS = re.compile(r"text|must_be|_say|\w+(Error|Failure)")
"""What fills a sentence of the catalogue: a key comes first, its fields are keywords. So does ``judge.fail``."""

SHOWN = {"help", "short_help", "epilog", "title", "label", "header", "caption", "description", "message", "prompt"}
"""Keywords that carry a text to a reader, whatever is called."""

API_NAME = "a name in the reader's own program: of a class, an argument, a method, an option"
PROGRAMMER = "for who writes a class of their own or calls what is not for users"
NOT_SHOWN = "read by another library, or the seed of a drawing; shown to nobody"
PUBLISHED = "as published, in the language it was published in"
UNIT = "a unit, the same in every language"

ALLOWED = {
    ("__init__.py", "module 'garasu' has no attribute {}"): "Python's own words for it",
    ("array/namespace.py", "expected an array of an array-API library (NumPy, JAX, ...), got {}"): PROGRAMMER,
    ("callbacks/lambda_callback.py", "LambdaCallback"): API_NAME,
    ("cli/data.py", "{} MB"): UNIT,
    ("cli/group.py", "garasu {}"): API_NAME,
    ("cli/main.py", "--lang"): API_NAME,
    ("cli/training.py", "{} --out {}"): API_NAME,
    ("data/fashion_mnist.py", "Ankle boot"): PUBLISHED,
    ("data/folder.py", "part, class, file"): "the columns of a file; whoever reads it says another sentence",
    ("figures/style.py", "DejaVu Sans"): NOT_SHOWN,
    **{("figures/style.py", name): NOT_SHOWN for name in style._OTHER_SCRIPTS if " " in name},
    ("figures/style.py", "axes fraction"): NOT_SHOWN,
    ("figures/style.py", "offset points"): NOT_SHOWN,
    ("reports/page.py", "scrolled lines"): NOT_SHOWN,
    ("figures/training_curves.py", "outside lower center"): NOT_SHOWN,
    ("figures/learning_rate_finder.py", "outside lower center"): NOT_SHOWN,
    ("figures/copies_band.py", "outside lower center"): NOT_SHOWN,
    ("figures/settings_compared.py", "axes fraction"): NOT_SHOWN,
    ("models/arguments.py", "compile"): API_NAME,
    ("models/arguments.py", "precision"): API_NAME,
    ("models/rate_finder.py", "find_learning_rate"): API_NAME,
    ("models/rate_finder.py", "batch_size"): API_NAME,
    ("train/rate_finder.py", "LearningRateFinder"): API_NAME,
    ("train/rate_finder.py", "high"): API_NAME,
    ("metrics/__init__.py", "compile"): API_NAME,
    ("metrics/__init__.py", "metrics"): API_NAME,
    ("layers/layer.py", "{} defines neither `forward` nor `apply`; a layer needs one of them"): PROGRAMMER,
    ("layers/images.py", "N, rows, columns, channels"): "axes, named as in the formulas",
    ("losses/loss.py", "{} has no partner activation, so no delta"): PROGRAMMER,
    ("messages/shown.py", "<array {} {}>"): "repr",
    ("messages/spacing.py", "[々ぁ-ゖァ-ヺー㐀-鿿]"): "all letters of Japanese, for searching",
    ("messages/catalogue.py", "language must be one of {}. Got {} instead."): PROGRAMMER,
    ("models/arguments.py", "sample_weight"): API_NAME,
    ("models/seed.py", "seed"): API_NAME,
    ("models/sequential.py", "<Sequential {}: {} layers>"): "repr",
    ("cli/checking.py", "--settings"): API_NAME,
    ("models/copies.py", "seeds"): API_NAME,
    ("models/drawing.py", "fit"): API_NAME,
    ("models/gradient_report.py", "check_gradients"): API_NAME,
    ("models/gradient_report.py", "samples"): API_NAME,
    ("models/summary.py", "{} GB"): UNIT,
    ("models/histories.py", "band"): API_NAME,
    ("models/histories.py", "share"): API_NAME,
    ("models/histories.py", "<Histories: {}>"): "repr",
    ("models/pretraining.py", "pretrain"): API_NAME,
    ("models/sweep.py", "settings"): API_NAME,
    ("models/sweep.py", "sweep"): API_NAME,
    ("models/sweep.py", "<Sweep: {}>"): "repr",
    ("models/training.py", "fit"): API_NAME,
    ("models/views.py", "<Symbol {} {}>"): "repr",
    ("networks/preparation.py", "Preparation"): API_NAME,
    ("networks/zoo/c14.py", "online backpropagation, Rumelhart, Hinton and Williams (1986)"): NOT_SHOWN,
    ("networks/zoo/c5.py", "Rumelhart, Hinton and Williams (1986)"): NOT_SHOWN,
    ("networks/zoo/c9.py", "after LeCun et al. (1998)"): NOT_SHOWN,
    ("networks/zoo/fast.py", "after LeCun et al. (1998) and Ioffe and Szegedy (2015)"): NOT_SHOWN,
    ("networks/zoo/photos.py", "after LeCun et al. (1998) and Simonyan and Zisserman (2015)"): NOT_SHOWN,
    ("schedules/schedule.py", "step"): API_NAME,
    ("testing/check_optimizer.py", "gradient {}"): NOT_SHOWN,
    ("testing/differences.py", "direction {} {}"): NOT_SHOWN,
    ("testing/ladder.py", "garasu.testing"): API_NAME,
    ("testing/ladder.py", "skip"): API_NAME,
    ("testing/subject.py", "nudge {} {}"): NOT_SHOWN,
}
"""(file, literal): why it may stand outside the catalogue."""

# ------------------------------------------------------------------------------------------------------ searching


def loose(source):
    """The loose texts of a program, each once: (line, rule, literal)."""
    tree = ast.parse(source)
    passed_over = {id(one) for node in ast.walk(tree) for one in pieces(node)}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for rule, one in in_call(node):
                found[id(one)] = one.lineno, rule, written(one)
        if id(node) not in passed_over and SENTENCE.search(written(node)):
            found[id(node)] = node.lineno, "sentence", written(node)
    return sorted(found.values())


def pieces(node):
    """What is no literal of its own: docstrings, and the parts of f-strings."""
    if isinstance(node, ast.Expr):
        return [node.value]
    return node.values if isinstance(node, ast.JoinedStr) else []


def written(node):
    """A literal as it stands in the source; "" of anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def in_call(call):
    """Each literal with a word that a call says, with the rule that finds it."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    shown = [one.value for one in call.keywords if one.arg in SHOWN]
    fields = [one.value for one in call.keywords if one.arg not in SHOWN]
    if name == "fail" or (FILLS.fullmatch(name) and call.args and is_key(call.args[0])):
        return with_words("field", [*fields, *shown])
    arguments = call.args[1:] if name == "tag" else call.args  # an element's name comes before what it holds
    return with_words("said", [*(arguments if SAYS.fullmatch(name) else []), *shown])


def is_key(node):
    """Whether an argument is a key of the catalogue, or the choice of one."""
    if isinstance(node, ast.IfExp):
        return is_key(node.body) and is_key(node.orelse)
    return bool(KEY.fullmatch(written(node)))


def with_words(rule, nodes):
    return [(rule, one) for node in nodes for one in literals(node) if WORD.search(written(one))]


def literals(node):
    """The literals of which a value is put together; what is looked up or worked out is not gone into."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        values = [part.value for part in getattr(node, "values", []) if isinstance(part, ast.FormattedValue)]
        return [node, *(one for value in values for one in literals(value))]
    parts = []
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("join", "format"):
        parts = [node.func.value, *node.args]
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.List | ast.Tuple):
        parts = node.elts
    elif isinstance(node, ast.GeneratorExp | ast.ListComp):
        parts = [node.elt]
    return [one for part in parts for one in literals(part)]


# ----------------------------------------------------------------------------------------------------- the source


def everywhere():
    """All loose texts of Garasu: (file, line, rule, literal)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for found in loose(path.read_text(encoding="utf-8")):
            yield path.relative_to(SOURCE).as_posix(), *found


FOUND = list(everywhere())


def test_no_text_stands_outside_the_catalogue():
    wrong = [
        f"{file}:{line} ({rule}): {literal}" for file, line, rule, literal in FOUND if (file, literal) not in ALLOWED
    ]
    assert not wrong, "\n".join(wrong)


def test_what_is_allowed_is_still_there():
    """An exception whose literal has gone would hide the next one of the same words."""
    assert sorted(ALLOWED.keys() - {(file, literal) for file, _, _, literal in FOUND}) == []


# ----------------------------------------------------------------------------------------------------- the search

VIOLATIONS = {
    "sentence": [
        'x = "not found"',
        'x = f"{name} fails"',
        'x = f"{count} layers of {name}"',
        'x = "見つからない"',
        'TITLES = {"Wrong answers": 1}',
        'html = "<p>No runs yet</p>"',
        'def f():\n    return "is missing"',
        'raise ValueError("must be positive")',
        'warnings.warn("is deprecated")',
        'raise DataError("data.images", reason="not a picture")',
    ],
    "said": [
        'print("done")',
        'print(f"{share}/accuracy")',
        'print("ok" if fine else text("a.b"))',
        'print(", ".join([name, "missing"]))',
        'print("total: " + number)',
        'print(found or "nothing")',
        'console.print("finished")',
        'table.add_column("loss")',
        'table.add_row(name, "yes")',
        'click.option("--n", help="rows")',
        'click.command("x", short_help="train")',
        'click.confirm("fetch?")',
        'Table(title="Runs")',
        'ax.set_title("loss")',
        'ax.set_xlabel("epoch")',
        'ax.text(0, 0, "best")',
        'ax.annotate("best", (0, 1))',
        'ax.plot(x, y, label="training")',
        'figure.suptitle("stages")',
        'tag("p", "nothing")',
        'tag("td", tag("b", "nothing"))',
        'facts("Settings", found)',
        'table(text("a.b"), ["", "layer"], rows)',
        'folded("more", page)',
        'sys.stderr.write("failed")',
        'raise SettingError("wrong")',
        'warnings.warn("odd")',
        'judge.fail("names", title="x") or Panel(title="hidden")',
    ],
    "field": [
        'text("names.unknown", kind="network")',
        'raise FileError("files.not_a_model", reason="damaged")',
        'raise FileError("files.one" if new else "files.two", reason="damaged")',
        'raise CheckFailure(f"testing.{key}", array="output")',
        'judge.fail("names", array=tree or "result")',
        'must_be("settings.one_of", accepts, choices="one")',
        'self._say("callbacks.saved", epoch, value=f"({value}) seconds")',
    ],
}

NO_VIOLATIONS = [
    '"""Two words."""',
    'def f():\n    """Two words."""',
    'print(text("cli.next", run=run))',
    'print(f"{text(key)}: {value:.2f} %")',
    'print(json.dumps({"error": message}))',
    'print(found["accuracy"])',
    'tag("td", value, style="text-align:right")',
    'raise SettingError("cli.must_be", option=option, value=repr(value))',
    'raise SettingError(f"data.folder_no_{part}", path=path)',
    'ax.text(column, row, f"{count}", ha="center")',
    'table.add_column(text("cli.recall"), justify="right")',
    'click.option("--epochs", help=text("cli.epochs"))',
    'x = re.compile("[a-z]+ *")',
    'if kind == "training":\n    print(1)',
    "def f():\n    raise NotImplementedError",
]


@pytest.mark.parametrize(("rule", "source"), [(rule, one) for rule, found in VIOLATIONS.items() for one in found])
def test_a_text_outside_the_catalogue_is_found(rule, source):
    assert rule in [found for _, found, _ in loose(source)], source


@pytest.mark.parametrize("source", NO_VIOLATIONS)
def test_what_is_no_text_is_passed_over(source):
    assert loose(source) == []


def test_the_line_and_the_literal_are_named():
    assert loose('x = 1\nprint(f"{x} rows")') == [(2, "sentence", "{} rows")]

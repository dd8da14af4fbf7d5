"""The table of a model: layers, output shapes, numbers of parameters. Nothing is allocated for it."""

from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

from garasu.array import paths
from garasu.layers import Layer, Spec
from garasu.messages import text
from garasu.models.views import count
from garasu.networks import Network

_WIDTH = 80


def rows(network: Network) -> list[tuple[str, str, tuple[int | None, ...], int]]:
    """Name, class, output shape and number of parameters of each layer as the user wrote it.

    Example:
        >>> from garasu.layers import Dense
        >>> rows(Network([Dense(3, activation="relu", name="hidden")], (4,)))
        [('hidden', 'Dense', (None, 3), 15)]
    """
    specs = dict(network.chain.specs(network.in_shape))
    return [(str(layer.name), type(layer).__name__, *_shape_and_count(layer, specs)) for layer in network.layers]


def _shape_and_count(layer: Layer, specs: dict[str, Spec]) -> tuple[tuple[int | None, ...], int]:
    spec = specs[str(layer.name)]
    return (None, *spec.out_shape), count(spec)


def size(numbers: int) -> str:
    """How much memory so many float32 numbers take.

    Example:
        >>> size(3_222_954), size(10)
        ('12.29 MB', '40.00 B')
    """
    amount = 4.0 * numbers
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.2f} {unit}"
        amount /= 1024
    return f"{amount:.2f} GB"


def render(network: Network) -> str:
    """The table as text, as Keras draws it."""
    table = Table(box=box.HEAVY_HEAD, width=_WIDTH, show_lines=True)
    table.add_column(text("models.column_layer"), ratio=4, overflow="fold")
    table.add_column(text("models.column_shape"), ratio=3, overflow="fold")
    table.add_column(text("models.column_count"), ratio=2, justify="right")
    for name, kind, shape, number in rows(network):
        table.add_row(f"{name} ({kind})", str(shape), f"{number:,}")
    out = StringIO()
    console = Console(file=out, width=_WIDTH, highlight=False, markup=False, color_system=None)
    console.print(text("models.model_title", name=network.name))
    console.print(table)
    for line in _totals(network):
        console.print(f" {line}")
    return out.getvalue()


def _totals(network: Network) -> list[str]:
    total, frozen_paths = count(network.spec), network.frozen_paths()
    trainable = sum(_numbers(param.shape) for path, param in paths(network.spec.params) if path not in frozen_paths)
    counts = {"models.total": total, "models.trainable": trainable, "models.frozen": total - trainable}
    return [text(key, count=f"{number:,}", size=size(number)) for key, number in counts.items()]


def _numbers(shape: tuple[int, ...]) -> int:
    product = 1
    for axis in shape:
        product *= axis
    return product

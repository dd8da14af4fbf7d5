"""The table of a model: layers, output shapes, numbers of parameters. Nothing is allocated for it."""

from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

from garasu.array import paths
from garasu.messages import text
from garasu.models.views import count
from garasu.networks import Network

_WIDTH = 80


def rows(network: Network, *, expand_nested: bool = False) -> list[tuple[str, str, tuple[int | None, ...], int]]:
    """Name, class, output shape and number of parameters of each layer as the user wrote it.

    ``expand_nested`` shows the layers inside others too, below these; the numbers of the outer ones count them.

    Example:
        >>> from garasu.layers import Block, Dense
        >>> rows(Network([Dense(3, activation="relu", name="hidden")], (4,)))
        [('hidden', 'Dense', (None, 3), 15)]
        >>> rows(Network([Block([Dense(3, name="low")], name="front")], (4,)), expand_nested=True)
        [('front', 'Block', (None, 3), 15), ('└ low', 'Dense', (None, 3), 15)]
    """
    arrays = {"params": network.spec.params, "state": network.spec.state}
    sizes = [(path.partition("/")[2], _numbers(param.shape)) for path, param in paths(arrays)]
    found: list[tuple[str, str, tuple[int | None, ...], int]] = []
    for path, place in network.places.items():
        *outer, name = path.split("/")
        if not outer or expand_nested:
            numbers = sum(size for inside, size in sizes if inside.startswith(f"{path}/"))
            shown = f"{'  ' * (len(outer) - 1)}└ {name}" if outer else name
            found.append((shown, type(place.layer).__name__, (None, *place.out_shape), numbers))
    return found


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


def render(network: Network, *, expand_nested: bool = False) -> str:
    """The table as text, as Keras draws it."""
    table = Table(box=box.HEAVY_HEAD, width=_WIDTH, show_lines=True)
    table.add_column(text("models.column_layer"), ratio=4, overflow="fold")
    table.add_column(text("models.column_shape"), ratio=3, overflow="fold")
    table.add_column(text("models.column_count"), ratio=2, justify="right")
    for name, kind, shape, number in rows(network, expand_nested=expand_nested):
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

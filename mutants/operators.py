"""The changes: each takes a node of a rule's syntax tree and answers with what may stand there instead.

Kinds: sign, factor, axis, index, transpose, comparison. Every change is one that a person makes by mistake.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial

from attrs import frozen

Changes = Iterator[tuple[str, str, ast.AST]]

_ARITHMETIC: dict[type[ast.operator], tuple[str, type[ast.operator]]] = {
    ast.Add: ("sign", ast.Sub),
    ast.Sub: ("sign", ast.Add),
    ast.Mult: ("factor", ast.Div),
    ast.Div: ("factor", ast.Mult),
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_INDEX, _AXIS, _NUMBER = "index", "axis", "factor"
_GATHERED = (ast.Dict, ast.DictComp, ast.List, ast.ListComp)


@frozen
class Mutant:
    """One change: its ``kind``, what stood there before and stands there after, and what makes the module with it."""

    kind: str
    line: int
    before: str
    after: str
    _build: Callable[[], ast.Module]

    @property
    def tree(self) -> ast.Module:
        """The whole module with the change; made when it is asked for."""
        return self._build()


def mutants(module: ast.Module, function: ast.FunctionDef, *, choices: bool = True) -> list[Mutant]:
    r"""Every change of one function of a module; unless ``choices``, what stands between "if" and ":" is left alone.

    Example:
        >>> tree = ast.parse("def backward(dz, z):\n    return dz * z.T")
        >>> [(one.kind, one.after) for one in mutants(tree, tree.body[0])]
        ... # doctest: +NORMALIZE_WHITESPACE
        [('sign', '-(dz * z.T)'), ('factor', '2.0 * (dz * z.T)'), ('factor', 'dz / z.T'), ('factor', 'dz'),
         ('transpose', 'z')]
        >>> tree = ast.parse("def backward(u, z, dz):\n    return dz")
        >>> [(one.kind, one.after) for one in mutants(tree, tree.body[0])]
        [('sign', '-dz'), ('factor', '2.0 * dz'), ('factor', '0.0 * dz')]
    """
    found: list[Mutant] = []
    trees = _trees(function)
    for path, node, place in _walk(function):
        if not choices and any(name == "test" for name, _ in path):
            continue
        if isinstance(node, ast.Name) and node.id in trees:
            continue
        for kind, after, new in _changes(node, place):
            build = partial(_replaced, module, function, path, new)
            found.append(Mutant(kind, getattr(node, "lineno", function.lineno), ast.unparse(node), after, build))
    return found


def _trees(function: ast.FunctionDef) -> set[str]:
    """Names of what is no array, and so has no sign: dicts and lists, by what they are given or said to be."""
    names = {"grads", "mine", "state"}
    for node in ast.walk(function):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign) and _gathers(node.value):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _gathers(node: ast.expr) -> bool:
    return isinstance(node, _GATHERED) or (isinstance(node, ast.Call) and _name(node) in ("dict", "list"))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


Way = tuple[tuple[str, int | None], ...]


def _walk(function: ast.FunctionDef) -> Iterator[tuple[Way, ast.AST, str]]:
    """Every expression of the body with its path from the function and the place it stands in."""
    for number, statement in enumerate(function.body):
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):  # a docstring
            yield from _visit(statement, (("body", number),), "")


def _visit(node: ast.AST, way: Way, place: str) -> Iterator[tuple[Way, ast.AST, str]]:
    yield way, node, place
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "func"):
            continue
        several = isinstance(value, list)
        for number, one in enumerate(value if several else [value]):
            if isinstance(one, ast.AST):
                yield from _visit(one, (*way, (name, number if several else None)), _place(node, name, place))


def _place(node: ast.AST, field: str, place: str) -> str:
    """What the numbers below a node mean."""
    if isinstance(node, ast.keyword):
        return _AXIS if node.arg == "axis" else _NUMBER
    if isinstance(node, ast.Subscript) and field == "slice":
        return _INDEX
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        return _INDEX
    if isinstance(node, ast.Return) or (isinstance(node, ast.Tuple) and place == "returned"):
        return "returned"
    if isinstance(node, ast.Call) and _name(node) == "append":
        return "returned"
    if isinstance(node, ast.Assign) and field == "value" and isinstance(node.targets[0], ast.Subscript):
        return "returned"
    return "" if place == "returned" else place


def _changes(node: ast.AST, place: str) -> Changes:
    if place == "returned" and isinstance(node, (ast.BinOp, ast.Call, ast.Name)):
        yield _answer("sign", ast.UnaryOp(ast.USub(), node))
        yield _answer("factor", ast.BinOp(ast.Constant(2.0), ast.Mult(), node))
    if place == "returned" and isinstance(node, ast.Name):  # handed on as it is: there is nothing else to change in it
        yield _answer("factor", ast.BinOp(ast.Constant(0.0), ast.Mult(), node))
    if isinstance(node, ast.BinOp):
        yield from _of_arithmetic(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.Constant):
        yield from _of_number(node, place)
    else:
        yield from _of_others(node, place)


def _of_others(node: ast.AST, place: str) -> Changes:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _answer("sign", node.operand)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        yield _answer("comparison", ast.Compare(node.left, [_COMPARISONS[type(node.ops[0])]()], node.comparators))
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield _answer("transpose", node.value)
    elif isinstance(node, ast.Tuple) and place == _AXIS and len(node.elts) > 1:
        yield _answer("axis", ast.Tuple(node.elts[:-1], ast.Load()))


def _of_arithmetic(node: ast.BinOp) -> Changes:
    if type(node.op) not in _ARITHMETIC:
        return
    kind, other = _ARITHMETIC[type(node.op)]
    yield _answer(kind, ast.BinOp(node.left, other(), node.right))
    yield _answer("factor" if kind == "factor" else "sign", node.left)


def _of_number(node: ast.Constant, place: str) -> Changes:
    number = node.value
    if type(number) not in (int, float):
        return
    if place == _AXIS:
        yield _answer("axis", ast.Constant(number + 1 if number == 0 else number - 1))
    elif place == _INDEX:
        yield _answer("index", ast.Constant(number + 1))
    else:
        yield _answer("factor", ast.Constant(2 * number or 1))


def _of_call(node: ast.Call) -> Changes:
    name, arguments = _name(node), node.args
    if name == "matmul":
        yield _answer("transpose", ast.Call(node.func, arguments[::-1], node.keywords))
    elif name == "permute_dims":
        order = ast.Call(
            ast.Name("tuple", ast.Load()), [ast.Call(ast.Name("reversed", ast.Load()), [arguments[1]], [])], []
        )
        yield _answer("transpose", ast.Call(node.func, [arguments[0], order], node.keywords))
    elif name == "where":
        yield _answer("index", ast.Call(node.func, [arguments[0], arguments[2], arguments[1]], node.keywords))
    elif name in ("sum", "max"):
        other = {"sum": "mean", "max": "min"}[name]
        if isinstance(node.func, ast.Attribute):
            function = ast.Attribute(node.func.value, other, ast.Load())
            yield _answer("factor" if name == "sum" else "index", ast.Call(function, arguments, node.keywords))
    elif len(arguments) > 3:  # a primitive with its sizes: two of them taken for one another
        swapped = [*arguments[:-2], arguments[-1], arguments[-2]]
        yield _answer("index", ast.Call(node.func, swapped, node.keywords))


def _answer(kind: str, node: ast.AST) -> tuple[str, str, ast.AST]:
    return kind, ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))), node


def _replaced(module: ast.Module, function: ast.FunctionDef, path: Way, new: ast.AST) -> ast.Module:
    """A copy of the module with ``new`` at ``path`` of the function."""
    tree = copy.deepcopy(module)
    place = next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.name, node.lineno) == (function.name, function.lineno)
    )
    *way, (last, number) = path
    for name, step in way:
        place = getattr(place, name) if step is None else getattr(place, name)[step]
    new = ast.copy_location(copy.deepcopy(new), place)
    if number is None:
        setattr(place, last, new)
    else:
        getattr(place, last)[number] = new
    return ast.fix_missing_locations(tree)

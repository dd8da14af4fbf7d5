"""NumPy eager = XLA, the ladder's last rung for whole networks: whole runs in float64, single steps in float32.

Float32 runs drift apart by rounding (Adam: 2e-4 after 16 steps), so there each step is made from a stored state.
"""

import numpy as np
import pytest

from garasu.array import leaves, map_leaves

SMALL = ["c9-like", "channels", "batch-normalization", "dropout", "tied", "residual"]


class TestWholeRunsInFloat64:
    @pytest.mark.parametrize("kind", SMALL)
    def test_twenty_steps(self, bench, agree, kind):
        one = bench(kind, "float64", batch_size=3)  # 24 steps, the last of one row
        assert len(one.order().index) == 24
        agree(one.run("eager", 24), one.run("jit", 24), 1e-9)

    def test_c14(self, zoo_bench, agree):
        one = zoo_bench("c14", "float64", rows=20)
        agree(one.run("eager", 20), one.run("jit", 20), 1e-9)

    def test_c9(self, zoo_bench, agree):
        one = zoo_bench("c9", "float64", rows=160, batch_size=8)
        agree(one.run("eager", 20), one.run("jit", 20), 1e-9)

    def test_frozen_layers(self, bench, agree):
        from attrs import evolve

        one = bench("c9-like", "float64")
        network = one.task.network
        inner = [evolve(layer, trainable=k != 1) for k, layer in enumerate(network.layers)]
        one.task = evolve(one.task, network=evolve(network, layers=inner))
        eager, jit = one.run("eager", 5), one.run("jit", 5)
        agree(eager, jit, 1e-9)
        start = one.start(one.engine("eager"))["params"]
        np.testing.assert_array_equal(eager["params"]["conv2d"]["kernel"], start["conv2d"]["kernel"])
        assert (eager["params"]["dense"]["kernel"] != start["dense"]["kernel"]).any()


class TestSingleStepsInFloat32:
    """From states that the jit engine came to, every array of the carry: weights, memory, averages, sums.

    Where rounding puts a number on the other side of a kink (ReLU at 0, equal numbers in a pooling), or where Adam
    divides a gradient of rounding size by itself, a step in float32 may differ. Then the same step from the same state
    in float64 must not: it is rounding, not a rule. At least half of the states must agree as they are.
    """

    @staticmethod
    def compare(one, states, agree):
        jit, wide = one.engine("jit"), one.in_float64()
        carry, done, agreed, moved = one.start(jit), 0, 0, 0.0
        for at in states:
            if at > done:
                carry, done = one.train(jit, carry, done, at), at
            stored = jit.fetch(carry)
            eager, compiled = (one.step(name, stored, at) for name in ("eager", "jit"))
            try:
                agree(eager, compiled, 1e-5, floor=0.0)
                agreed += 1
            except AssertionError:
                agree(wide.step("eager", stored, at), wide.step("jit", stored, at), 1e-9)
            sizes = map_leaves(lambda new, old: float(np.max(np.abs(new - old))), eager["params"], stored["params"])
            moved = max(moved, *(size for layer in sizes.values() for size in leaves(layer)))
        assert 2 * agreed >= len(states)
        assert moved > 1e-4

    @pytest.mark.parametrize("kind", SMALL)
    def test_small(self, bench, agree, kind):
        self.compare(bench(kind), (0, 1, 2, 4), agree)

    def test_c9_at_its_real_size(self, zoo_bench, agree):
        self.compare(zoo_bench("c9"), (2, 3, 5, 7), agree)

    def test_c14_at_its_real_size(self, zoo_bench, agree):
        self.compare(zoo_bench("c14"), (0, 1, 2, 3, 10, 100), agree)


class TestOutsideTraining:
    @pytest.mark.parametrize("kind", ["c9-like", "channels", "residual"])
    def test_evaluate_and_predict(self, bench, kind):
        one = bench(kind)
        params, state = one.task.network.init(5)
        names = [str(layer.name) for layer in one.task.network.layers]
        found = []
        for name in ("eager", "jit"):
            engine = one.engine(name)
            placed = engine.place(params), engine.place(state)
            sums = engine.evaluate(*placed, one.data, {})
            found.append((sums, engine.predict(*placed, one.data["x"], names)))
        assert found[0][0].keys() == found[1][0].keys() == {"rows", "loss", "acc"}
        for what, value in found[0][0].items():
            assert value == pytest.approx(found[1][0][what], rel=1e-5), what
        for name, eager, jit in zip(names, found[0][1], found[1][1], strict=True):
            np.testing.assert_allclose(eager, jit, rtol=0, atol=1e-5 * np.max(np.abs(eager)), err_msg=name)

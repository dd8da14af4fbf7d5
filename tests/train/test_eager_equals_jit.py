"""NumPy eager = XLA, the ladder's last rung for whole networks: whole runs in float64, single steps in float32.

Float32 runs drift apart by rounding (Adam: 2e-4 after 16 steps), so there each step is made from a stored state.
"""

import numpy as np
import pytest

from garasu.array import map_leaves

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
    """From states that the jit engine came to. What is compared besides weights: the optimizer's memory, moving averages,
    the sums of losses and right answers.
    """

    @staticmethod
    def compare(one, states, agree):
        jit, eager = one.engine("jit"), one.engine("eager")
        carry, done = one.start(jit), 0
        for at in states:
            if at > done:
                carry, done = one.train(jit, carry, done, at), at
            stored = jit.fetch(carry)
            after = [one.train(each, one.placed(each, stored), at, at + 1) for each in (eager, jit)]
            agree(eager.fetch(after[0]), jit.fetch(after[1]), 1e-5, floor=0.0)
            moved = map_leaves(lambda new, old: float(np.max(np.abs(new - old))), after[0]["params"], stored["params"])
            assert max(max(layer.values()) for layer in moved.values()) > 0

    @pytest.mark.parametrize("kind", SMALL)
    def test_small(self, bench, agree, kind):
        self.compare(bench(kind), (0, 2, 4), agree)

    def test_c9_at_its_real_size(self, zoo_bench, agree):
        self.compare(zoo_bench("c9"), (0, 3, 7), agree)

    def test_c14_at_its_real_size(self, zoo_bench, agree):
        self.compare(zoo_bench("c14"), (0, 10, 300), agree)


class TestOutsideTraining:
    @pytest.mark.parametrize("kind", SMALL)
    def test_evaluate_and_predict(self, bench, kind):
        one = bench(kind)
        params, state = one.task.network.init(5)
        names = [str(layer.name) for layer in one.task.network.layers]
        found = []
        for name in ("eager", "jit"):
            engine = one.engine(name)
            placed = engine.place(params), engine.place(state)
            sums = engine.evaluate(*placed, one.data)
            found.append((sums, engine.predict(*placed, one.data["x"], names)))
        assert found[0][0].keys() == found[1][0].keys() == {"rows", "loss", "acc"}
        np.testing.assert_allclose(list(found[0][0].values()), list(found[1][0].values()), rtol=1e-5)
        for name, eager, jit in zip(names, found[0][1], found[1][1], strict=True):
            np.testing.assert_allclose(eager, jit, rtol=0, atol=1e-5 * np.max(np.abs(eager)), err_msg=name)

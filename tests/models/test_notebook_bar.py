"""The bar: in place in a notebook, on a thread of its own in a terminal; how often it is drawn, and what is left."""

import builtins
import re
import sys
import threading
import time
from io import StringIO
from types import SimpleNamespace

import pytest
from rich.console import Console
from rich.live import Live

from garasu.messages import set_language
from garasu.models.bars import Lines, NotebookBar, TerminalBar, kernel_display
from garasu.models.console import ConsoleProgress


class Screen:
    """A display that keeps everything it drew, area by area, with the time; and the clock."""

    def __init__(self):
        self.now = 100.0
        self.areas = []
        self.times = []

    def clock(self):
        return self.now

    def __call__(self, lines, area):
        if area is None:
            self.areas.append(area := [])
        area.append(lines)
        self.times.append(self.now)
        return area

    @property
    def left(self):
        """What stands there in the end."""
        return [area[-1] for area in self.areas]


@pytest.fixture
def screen():
    return Screen()


@pytest.fixture
def bar(screen):
    return NotebookBar(screen, screen.clock)


class TestInANotebook:
    def test_a_thousand_steps_in_a_second(self, bar, screen):
        bar.begin("Epoch 1/1")
        for step in range(1, 1001):
            screen.now += 0.001
            bar.move(step, 1000, "loss: 0.5")
        assert 4 <= len(screen.times) <= 5
        assert all(later - before >= 0.25 for before, later in zip(screen.times, screen.times[1:], strict=False))

    def test_it_moves_in_place_and_leaves_one_line(self, bar, screen):
        for epoch in (1, 2):
            bar.begin(f"Epoch {epoch}/2")
            for step in range(1, 5):
                screen.now += 1.0
                bar.move(step, 4, f"loss: 0.{step}")
            screen.now += 1.0
            bar.end(f"Epoch {epoch}/2 - loss: 0.1")
        assert screen.left == ["Epoch 1/2 - loss: 0.1", "Epoch 2/2 - loss: 0.1"]
        first = screen.areas[0]
        assert first[0] == "Epoch 1/2"
        assert first[2] == f"Epoch 1/2 {'━' * 15}{'─' * 15} 2/4 0:00:02 loss: 0.2"
        assert [line.count("━") for line in first] == [0, 7, 15, 22, 30, 0]

    def test_the_end_is_shown_at_once(self, bar, screen):
        bar.begin("Epoch 1/1")
        screen.now += 0.01
        bar.move(1, 1, "loss: 0.5")
        bar.end("Epoch 1/1 - loss: 0.5")
        assert screen.areas == [["Epoch 1/1", "Epoch 1/1 - loss: 0.5"]]

    def test_epochs_faster_than_the_eye(self, bar, screen):
        for epoch in range(1, 101):
            bar.begin(f"Epoch {epoch}")
            screen.now += 0.01
            bar.move(1, 1, "loss: 0.5")
            bar.end(f"Epoch {epoch} - over")
        bar.close()
        assert "\n".join(screen.left).splitlines() == [f"Epoch {epoch} - over" for epoch in range(1, 101)]
        assert len(screen.areas) <= 6
        assert len(screen.times) <= 2 * 4 + 2

    def test_where_an_epoch_is_cut_its_last_state_stays(self, bar, screen):
        bar.begin("Epoch 1/2")
        screen.now += 0.1
        bar.move(3, 10, "loss: 0.5")
        bar.close()
        bar.close()
        assert [len(area) for area in screen.areas] == [2]
        assert screen.left[0].endswith("3/10 -:--:-- loss: 0.5")
        bar.begin("Epoch 1/2")
        screen.now += 1
        bar.end("over")
        assert len(screen.areas) == 2

    def test_nothing_is_drawn_twice(self, bar, screen):
        bar.begin("Epoch 1/1")
        screen.now += 1
        bar.end("over")
        bar.close()
        assert screen.areas == [["Epoch 1/1", "over"]]


@pytest.fixture
def kernel(monkeypatch):
    """A maker of kernels of a class; answers with what was shown: [kind, area, text]."""

    def make(*names):
        shown = []

        class Handle:
            def __init__(self, number):
                self.number = number

            def update(self, content, raw):
                assert raw
                shown.append(("update", self.number, content["text/plain"]))

        def display(content, raw, display_id):
            assert raw and display_id
            shown.append(("display", len(shown), content["text/plain"]))
            return Handle(len(shown) - 1)

        kind = object
        for name in names:
            kind = type(name, (kind,), {})
        monkeypatch.setattr(builtins, "get_ipython", lambda: kind(), raising=False)
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace())
        monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
        return shown

    return make


class TestWhichBar:
    def test_fit_in_a_kernel(self, kernel, dense, clouds, capsys):
        shown = kernel("ZMQInteractiveShell")
        dense().fit(*clouds, epochs=3)
        last = {area: lines for _, area, lines in shown}
        lines = "\n".join(last.values()).splitlines()
        assert len(lines) == 3
        assert all(
            re.fullmatch(rf"Epoch {k}/3 - \d+\.\ds - loss: .* - acc: .*", line) for k, line in enumerate(lines, 1)
        )
        assert capsys.readouterr().out == ""

    def test_in_japanese(self, kernel, dense, clouds):
        shown = kernel("ZMQInteractiveShell")
        set_language("ja")
        dense().fit(*clouds, epochs=1)
        assert shown[-1][2].startswith("エポック 1/1 - ")

    def test_lines_alone_where_they_are_asked_for(self, kernel, dense, clouds, capsys, monkeypatch):
        monkeypatch.setenv("FORCE_COLOR", "1")  # kernels set it
        shown = kernel("ZMQInteractiveShell")
        dense().fit(*clouds, epochs=2, verbose=2)
        assert shown == []
        assert re.fullmatch(r"(Epoch \d/2 - [^\n\x1b]*\n){2}", capsys.readouterr().out)

    def test_a_kernel_that_calls_its_shell_otherwise(self, kernel):
        shown = kernel("ZMQInteractiveShell", "Shell")
        display = kernel_display()
        display("b", display("a", None))
        assert shown == [("display", 0, "a"), ("update", 0, "b")]

    def test_no_kernel(self, kernel, monkeypatch):
        kernel("TerminalInteractiveShell")
        assert kernel_display() is None
        monkeypatch.setattr(builtins, "get_ipython", lambda: None)
        assert kernel_display() is None
        monkeypatch.delattr(builtins, "get_ipython")
        assert kernel_display() is None

    def test_nothing_of_ipython_is_loaded_for_it(self):
        assert "IPython" not in sys.modules
        ConsoleProgress(1, 1)
        assert "IPython" not in sys.modules

    def test_a_console_of_the_caller_s_stands_before_the_kernel(self, kernel):
        kernel("ZMQInteractiveShell")
        terminal = Console(file=StringIO(), force_terminal=True)
        assert type(ConsoleProgress(1, 1, terminal).bar) is TerminalBar
        assert type(ConsoleProgress(1, 2, terminal).bar) is Lines
        assert type(ConsoleProgress(1, 1, Console(file=StringIO())).bar) is Lines
        assert type(ConsoleProgress(1, 1).bar) is NotebookBar

    def test_a_display_of_the_caller_s(self, screen, dense, clouds):
        progress = ConsoleProgress(2, 1, display=screen)
        dense().fit(*clouds, epochs=2, verbose=0, callbacks=[progress])
        assert len("\n".join(screen.left).splitlines()) == 2

    def test_names_in_brackets_are_no_markup(self, capsys):
        progress = ConsoleProgress(1, 2)
        progress.on_epoch_begin(0)
        progress.on_epoch_end(0, {"[red]acc[/red]": 0.5, ":smile:": 0.25})
        assert capsys.readouterr().out.endswith("[red]acc[/red]: 0.5000 - :smile:: 0.2500\n")


class TestInATerminal:
    @pytest.fixture
    def progress(self):
        console = Console(file=StringIO(), force_terminal=True, width=100)
        made = ConsoleProgress(1, 1, console)
        yield made
        made.close()

    def test_a_thousand_steps(self, progress, monkeypatch):
        threads = []
        refresh = Live.refresh
        monkeypatch.setattr(Live, "refresh", lambda live: (threads.append(threading.get_ident()), refresh(live))[1])
        progress.on_epoch_begin(0)
        live = progress.bar.bar.live
        assert (live.auto_refresh, live.refresh_per_second) == (True, 4)
        before, began = threads.count(threading.get_ident()), time.monotonic()
        for step in range(1, 1001):
            progress.on_progress(0, step, 1000, {"loss": 1 / step})
        passed = time.monotonic() - began
        assert threads.count(threading.get_ident()) == before  # no step draws
        assert len(threads) - before <= 4 * passed + 2
        (task,) = progress.bar.bar.tasks
        assert (task.completed, task.total, task.fields["means"]) == (1000, 1000, "loss: 0.0010")

    def test_one_line_is_left(self, progress):
        progress.on_epoch_begin(0)
        progress.on_progress(0, 1, 2, {"[/x]": 0.5})
        progress.on_epoch_end(0, {"loss": 0.5})
        assert progress.bar.bar is None
        out = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", progress.bar.console.file.getvalue())
        assert re.search(r"Epoch 1/1 - \d+\.\ds - loss: 0\.5000\n$", out) and "━" in out

    def test_epochs_too_quick_for_a_bar_get_a_line_only(self):
        now = [0.0]
        bar = TerminalBar(Console(file=StringIO(), force_terminal=True, width=100), clock=lambda: now[0])
        bars = []
        for epoch in range(40):  # 0.05 s each: 2 s in all
            bar.begin(f"Epoch {epoch}")
            bars.append(bar.bar is not None)
            now[0] += 0.05
            bar.move(1, 1, "")
            bars.append(bar.bar is not None)
            bar.end(f"Epoch {epoch} is over")
        assert sum(bars) <= 2 * (2 * 4 + 1)  # each bar is seen at most at both places of its epoch
        out = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", bar.console.file.getvalue())
        assert all(f"Epoch {epoch} is over" in out for epoch in range(40))
        now[0] += 1.0
        bar.begin("late")
        assert bar.bar is not None
        bar.close()

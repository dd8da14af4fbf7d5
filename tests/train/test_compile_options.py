"""Options for XLA: the installed version takes those we give, and an unknown one is left out."""

from garasu.train import compile_options


def test_the_pinned_xla_takes_every_option():
    assert compile_options.known("cpu") == compile_options.OPTIONS["cpu"]


def test_an_option_that_xla_does_not_know_is_left_out(monkeypatch):
    options = {"xla_cpu_prefer_vector_width": 512, "xla_no_such_option": 1}
    monkeypatch.setitem(compile_options.OPTIONS, "cpu", options)
    compile_options.known.cache_clear()
    try:
        assert compile_options.known("cpu") == {"xla_cpu_prefer_vector_width": 512}
    finally:
        compile_options.known.cache_clear()

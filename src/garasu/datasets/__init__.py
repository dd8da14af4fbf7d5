"""Keras's ``datasets``: ``from garasu.datasets import mnist``, then ``mnist.load_data()``."""

from garasu.datasets import digits, mnist

__all__ = ["digits", "mnist"]

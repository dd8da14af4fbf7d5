"""Keras's ``datasets``: ``from garasu.datasets import mnist``, then ``mnist.load_data()``."""

from garasu.datasets import digits, fashion_mnist, mnist

__all__ = ["digits", "fashion_mnist", "mnist"]

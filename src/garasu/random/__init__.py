"""TensorFlow's name for the seed line of a program, ``random.set_seed``; the streams are in ``garasu.array.random``."""

from garasu.models import set_random_seed as set_seed

__all__ = ["set_seed"]

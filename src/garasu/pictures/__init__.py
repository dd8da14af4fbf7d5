"""Any picture in: reading files of every kind safely, and preparing a digit exactly as MNIST's were prepared.

The only place, beside the data sets, that imports the picture library.
"""

from garasu.pictures.digit import STAGES, DigitPreparation, by_area
from garasu.pictures.paper import standing_out
from garasu.pictures.reading import BYTES, FORMATS, KEPT, Picture, grey, read

__all__ = [
    "BYTES",
    "FORMATS",
    "KEPT",
    "STAGES",
    "DigitPreparation",
    "Picture",
    "by_area",
    "grey",
    "read",
    "standing_out",
]

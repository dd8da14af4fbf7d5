"""Any picture in: reading files of every kind safely, preparing a digit exactly as MNIST's were, or a photo; steps.

The only place, beside the data sets, that imports the picture library.
"""

from garasu.pictures.digit import STAGES, DigitPreparation, by_area
from garasu.pictures.paper import standing_out
from garasu.pictures.photo import FITS, PhotoPreparation
from garasu.pictures.reading import BYTES, FORMATS, KEPT, Picture, grey, read, read_from
from garasu.pictures.steps import Dilate, Erode, Filter, ImageStep, Resize, scale_to_sum

PicturePreparation = DigitPreparation | PhotoPreparation
"""What a model file may hold: how any picture becomes one as the model's own training pictures were."""

__all__ = [
    "BYTES",
    "FITS",
    "FORMATS",
    "KEPT",
    "STAGES",
    "DigitPreparation",
    "Dilate",
    "Erode",
    "Filter",
    "ImageStep",
    "PhotoPreparation",
    "Picture",
    "PicturePreparation",
    "Resize",
    "by_area",
    "grey",
    "read",
    "read_from",
    "scale_to_sum",
    "standing_out",
]

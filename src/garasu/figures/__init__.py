"""Pictures, one file each: a record in, a figure out. The only place that imports the plotting library.

Figures stand on their own, without pyplot: nothing global is changed, nothing needs to be closed.
"""

from garasu.figures.chain_of_shapes import chain_of_shapes
from garasu.figures.confusion_matrix import confusion_matrix
from garasu.figures.copies_band import copies_band
from garasu.figures.feature_maps import feature_maps
from garasu.figures.image_numbers import image_numbers
from garasu.figures.learning_rate_finder import learning_rate_finder
from garasu.figures.misclassified import misclassified
from garasu.figures.one_hot import one_hot
from garasu.figures.png import save
from garasu.figures.sample_images import sample_images
from garasu.figures.settings_compared import settings_compared
from garasu.figures.stages import stages
from garasu.figures.training_curves import training_curves
from garasu.figures.weight_images import weight_images

__all__ = [
    "chain_of_shapes",
    "confusion_matrix",
    "copies_band",
    "feature_maps",
    "image_numbers",
    "learning_rate_finder",
    "misclassified",
    "one_hot",
    "sample_images",
    "save",
    "settings_compared",
    "stages",
    "training_curves",
    "weight_images",
]

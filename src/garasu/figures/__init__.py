"""Pictures, one file each: a record in, a figure out. The only place that imports the plotting library.

Figures stand on their own, without pyplot: nothing global is changed, nothing needs to be closed.
"""

from garasu.figures.confusion_matrix import confusion_matrix
from garasu.figures.png import save
from garasu.figures.stages import stages
from garasu.figures.training_curves import training_curves

__all__ = ["confusion_matrix", "save", "stages", "training_curves"]

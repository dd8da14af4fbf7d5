"""Callbacks, one file each, with Keras's names and hooks."""

from garasu.callbacks.callback import Callback
from garasu.callbacks.callback_list import CallbackList
from garasu.callbacks.csv_logger import CSVLogger
from garasu.callbacks.early_stopping import EarlyStopping
from garasu.callbacks.lambda_callback import LambdaCallback
from garasu.callbacks.learning_rate_scheduler import LearningRateScheduler
from garasu.callbacks.model_checkpoint import ModelCheckpoint
from garasu.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from garasu.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]

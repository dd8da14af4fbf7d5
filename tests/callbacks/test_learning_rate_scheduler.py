"""LearningRateScheduler beside Keras's, and schedules that return what they should not."""

from functools import partial

import numpy as np
import pytest

from garasu.callbacks import LearningRateScheduler
from garasu.messages import SettingError

EPOCHS = [{"loss": 1.0}] * 4


class Halving:
    """A schedule that is no function."""

    def __call__(self, epoch, rate):
        return rate / 2


SCHEDULES = [
    lambda epoch, lr: lr * 0.5 if epoch > 1 else lr,
    lambda epoch: 0.25 / (epoch + 1),
    lambda epoch, lr=0.125: lr / 2,
    lambda *both: float(sum(both)),
    partial(lambda factor, epoch, lr: lr * factor, 0.25),
    Halving(),
    lambda epoch: np.float32(0.5),
    max,
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_sets_and_reports_the_rate_as_keras_does(compare, schedule):
    if schedule is max:  # has no signature; Keras asks it with two arguments, and so do we
        schedule = lambda epoch, lr: max(float(epoch), lr)  # noqa: E731
    compare(LearningRateScheduler(schedule), lambda keras: keras.LearningRateScheduler(schedule), EPOCHS)


def test_a_function_without_signature_gets_both(model, drive):
    drive(LearningRateScheduler(max), EPOCHS, model=model)
    assert model.optimizer.learning_rate == 3.0


def test_whole_numbers_and_single_arrays_will_do(model, drive):
    drive(LearningRateScheduler(lambda epoch: 1), EPOCHS, model=model)
    assert model.optimizer.learning_rate == 1.0
    drive(LearningRateScheduler(lambda epoch: np.array(0.5)), EPOCHS, model=model)
    assert model.optimizer.learning_rate == 0.5


def test_a_mistake_inside_the_schedule_is_not_hidden(drive):
    with pytest.raises(TypeError, match="unsupported operand"):
        drive(LearningRateScheduler(lambda epoch, lr: lr + "x"), EPOCHS)


@pytest.mark.parametrize("answer", [None, "0.1", -0.1, float("nan"), True, [0.1]])
def test_what_is_no_rate(answer, language, drive):
    with pytest.raises(SettingError) as caught:
        drive(LearningRateScheduler(lambda epoch: answer), EPOCHS)
    assert repr(answer) in str(caught.value) and "schedule" in str(caught.value)


def test_what_it_says(language, drive, capsys):
    drive(LearningRateScheduler(lambda epoch: 0.25, verbose=1), EPOCHS[:1])
    said = capsys.readouterr().out
    assert said == {"en": "Epoch 1: learning rate 0.25.\n", "ja": "エポック 1: 学習率を 0.25 にしました。\n"}[language]

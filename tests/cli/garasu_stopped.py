"""``garasu`` that is sent a signal at a chosen place, so that tests of Ctrl-C and kill do not depend on the clock.

python garasu_stopped.py SIGNAL EPOCH STEP garasu's words...

The signal comes in EPOCH (from 1) after the first program with which STEP steps of it are done. SIGNAL is a name as
in the module signal; SIGINT-TWICE sends a second one while the checkpoint is being written.
"""

import os
import signal
import sys

from garasu.cli import main
from garasu.models import recorder, storage
from garasu.models.console import ConsoleProgress


def send(name):
    os.kill(os.getpid(), getattr(signal, name))


def stop_at(name, epoch, step):
    """Let the console's progress send the signal."""
    move_bar, sent = ConsoleProgress.on_progress, []

    def on_progress(self, at, done, steps, logs):
        move_bar(self, at, done, steps, logs)
        if not sent and at + 1 == epoch and step <= done < steps:
            sent.append(True)
            send(name)

    ConsoleProgress.on_progress = on_progress
    return sent


def stop_again_while_saving(name, sent):
    save = storage.save

    def interrupted_save(*words, **settings):
        if sent:
            sent.clear()
            send(name)
        return save(*words, **settings)

    storage.save = interrupted_save


if __name__ == "__main__":
    name, _, twice = sys.argv[1].partition("-")
    recorder._SECONDS_BETWEEN = 0.0
    sent = stop_at(name, int(sys.argv[2]), int(sys.argv[3]))
    if twice:
        stop_again_while_saving(name, sent)
    sys.exit(main(sys.argv[4:]))

"""A run: one network of the zoo, one data set, one seed, trained into a run folder; and gone on with later."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from garasu import data, losses, optimizers
from garasu.array import Array
from garasu.callbacks import Callback
from garasu.data.picture_cache import TellPictures
from garasu.messages import DataError, NonFiniteError, RunError, SettingError
from garasu.models import datasets, storage
from garasu.models.drawing import Drawing, Settled
from garasu.models.notebook import run_html
from garasu.models.recorder import RunRecorder
from garasu.models.run_settings import RunSettings
from garasu.models.sequential import Sequential
from garasu.networks import describe, zoo
from garasu.train import run_folder
from garasu.train.interrupt import ignored

_DEFAULT_EPOCHS = 10


class Run:
    """A model, its data and its folder. Made by ``start`` or ``resume``."""

    def __init__(self, settings: RunSettings, model: Sequential, dataset: data.Dataset, folder: Path) -> None:
        self.settings = settings
        self.model = model
        self.dataset = dataset
        self.folder = folder
        self.checkpoint = run_folder.LAST
        self.record: dict[str, Any] = {}

    def train(self, callbacks: Sequence[Callback] = (), verbose: int = 0) -> dict[str, Any]:
        """Train to the end; answers with the results, which also stand in run.json.

        Raises:
            KeyboardInterrupt: Ctrl-C; the checkpoint holds the place, and ``resume`` goes on from there.
            NonFiniteError: the checkpoint holds the last good weights.
        """
        recorder = RunRecorder(self.folder)
        began = time.perf_counter()
        try:
            self.model.fit(
                self.dataset.train_images,
                self.targets(self.dataset.train_labels),
                **attrs.asdict(self.drawing()),
                validation_data=(self.dataset.test_images, self.targets(self.dataset.test_labels)),
                callbacks=[recorder, *callbacks],
                verbose=verbose,
                resume=True,
            )
            results = self._results(time.perf_counter() - began)
        except (KeyboardInterrupt, NonFiniteError) as error:
            with ignored():  # a second Ctrl-C must not keep the checkpoint from being written
                recorder.flush()
                self._note("interrupted" if isinstance(error, KeyboardInterrupt) else "failed", None)
            raise
        self._note("finished", results)
        return results

    def drawing(self) -> Drawing:
        """How the training pictures are drawn, as ``fit`` takes it."""
        chosen = self.settings
        return Drawing(
            batch_size=chosen.batch_size,
            epochs=chosen.epochs or (_DEFAULT_EPOCHS if chosen.steps is None else None),
            steps=chosen.steps,
            steps_per_epoch=chosen.steps_per_epoch,
            replacement=bool(chosen.replacement),
        )

    def settled(self) -> Settled:
        """What that comes to for the training pictures there are: how many epochs, of how many mini-batches."""
        return self.drawing().settled(len(self.dataset.train_labels))

    def targets(self, labels: Array) -> Array:
        """Labels as the loss wants them: class numbers, or one-hot rows."""
        if self.model.task.loss.target == "index":
            return labels
        return losses.one_hot(labels, np.zeros((1, len(self.dataset.class_names)), self.model.task.kept))

    def _repr_html_(self) -> str:
        """A notebook shows what was trained on what, how far it is and what came out."""
        return run_html(self.record, self.folder)

    def evaluate(self, images: Array, labels: Array) -> dict[str, float]:
        """Loss and accuracy over some pictures."""
        return self.model.evaluate(images, self.targets(labels), return_dict=True)

    def _results(self, seconds: float) -> dict[str, Any]:
        model, progress = self.model, self.model.progress
        train = self.evaluate(self.dataset.train_images, self.dataset.train_labels)
        test = self.evaluate(self.dataset.test_images, self.dataset.test_labels)
        rate = progress.train_steps / progress.train_seconds if progress and progress.train_steps else 0.0
        return {
            "epochs": model.epoch + (model.position > 0),  # the last may have been cut by --steps
            "steps": model.step,
            "train_accuracy": train["accuracy"],
            "test_accuracy": test["accuracy"],
            "train_loss": train["loss"],
            "test_loss": test["loss"],
            "steps_per_second": rate,
            "compile_seconds": model.engine.compile_seconds,
            "seconds": seconds,
        }

    def describe(self) -> dict[str, Any]:
        """What run.json says of a run before it starts."""
        settings = attrs.asdict(self.settings)
        return {
            "name": self.folder.name,
            "network": self.settings.network,
            "settings": settings,
            "loss": describe(self.model.task.loss),
            "optimizer": describe(self.model.task.optimizer),
            "seed": self.settings.seed,
            "data": datasets.describe(self.dataset),
            "parameters": self.model.count_params(),
            "device": self.model.engine.device,
            "engine": self.model.engine.name,
            "versions": storage.versions(),
            "created": run_folder.now(),
            "status": "training",
            "results": None,
        }

    def go_on(self) -> None:
        """Write down that the run is in training again: to which end, on which device."""
        engine = self.model.engine
        changed = {"settings": attrs.asdict(self.settings), "device": engine.device, "status": "training"}
        self.record = {**self.record, **changed}
        run_folder.write_record(self.folder, self.record)

    def _note(self, status: str, results: dict[str, Any] | None) -> None:
        self.record = {**self.record, "status": status, "results": results, "ended": run_folder.now()}
        run_folder.write_record(self.folder, self.record)


def start(
    settings: RunSettings, out: Path, name: str | None = None, tell: TellPictures = lambda done, count: None
) -> Run:
    """A new run in a folder of its own; nothing is trained yet. ``tell`` hears how many pictures have been decoded.

    Raises:
        UnknownNameError: an unknown network, data set, optimizer or device.
        DataError: data that are missing or damaged.
        FileError: a folder that exists already or cannot be written to.
    """
    if settings.network is not None:
        zoo.get(settings.network)  # a name that is wrong is said before all pictures are read
    dataset = datasets.load(settings, tell=tell)
    entry = zoo.get(settings.network or datasets.network_for(dataset))
    optimizer = entry.optimizer if settings.optimizer is None else optimizers.get(settings.optimizer)
    chosen = attrs.evolve(
        settings,
        network=entry.id,
        **_drawing(settings, entry),
        **datasets.settled(dataset),
    )
    network = entry.build(dataset.image_shape, dataset.picture, len(dataset.class_names))
    model = Sequential(
        network.layers,
        name=entry.name,
        seed=settings.seed,
        preparation=network.preparation,
        class_names=dataset.class_names,
    )
    model.build((None, *network.in_shape))
    model.compile(
        optimizer=optimizers.get(optimizer, settings.learning_rate),
        loss=losses.get(entry.loss, settings.loss_reduction),
        metrics=["accuracy"],
        run_eagerly=settings.engine == "eager",
        precision=settings.precision,  # pyright: ignore[reportArgumentType] - validated
        device=settings.device,
    )
    _ = model.engine, model.trees()  # an error, or Ctrl-C, here comes before a folder is made
    run = Run(chosen, model, dataset, run_folder.create(out, f"{entry.id}-{dataset.name}", name))
    datasets.keep_split(dataset, run.folder)
    run.record = run.describe()
    run_folder.write_record(run.folder, run.record)
    return run


def _drawing(settings: RunSettings, entry: zoo.Entry) -> dict[str, Any]:
    """How rows are drawn: as asked, else as the network is trained by default.

    A network's own length of an epoch belongs to its own mini-batches: with others an epoch holds all rows once.
    """
    usual = settings.epochs or entry.epochs.get(settings.data, _DEFAULT_EPOCHS)
    own = entry.steps_per_epoch if settings.batch_size is None else None
    return {
        "batch_size": settings.batch_size or entry.batch_size,
        "epochs": usual if settings.steps is None else None,
        "steps_per_epoch": settings.steps_per_epoch or own,
        "replacement": entry.replacement if settings.replacement is None else settings.replacement,
    }


def load_model(folder: Path, checkpoint: Path = run_folder.LAST, device: str | None = None) -> Sequential:
    """The trained model of a run, without its data, on ``device`` or the first one here.

    Raises:
        FileError: a checkpoint that cannot be trusted.
        RunError: there is no such checkpoint.
    """
    settings = run_folder.read_record(folder)["settings"]
    if not (folder / checkpoint).is_file():
        raise _no_checkpoint(folder, checkpoint)
    return storage.load(folder / checkpoint, engine=settings["engine"], device=device)


def _no_checkpoint(folder: Path, checkpoint: Path) -> RunError:
    known = [path.stem for path in (run_folder.LAST, run_folder.BEST) if (folder / path).is_file()]
    if known:
        return RunError("runs.other_checkpoint", name=folder.name, checkpoint=checkpoint.stem, known=known[0])
    return RunError("runs.no_checkpoint", name=folder.name)


def reopen(
    folder: Path,
    checkpoint: Path = run_folder.LAST,
    device: str | None = None,
    data: str | None = None,
    tell: TellPictures = lambda done, count: None,
) -> Run:
    """A run as its folder has it, with the weights of one of its checkpoints, on ``device`` or the first one here.

    ``data`` is where its pictures lie now, if they have been moved.

    Raises:
        FileError: a record or checkpoint that is missing or cannot be trusted.
        RunError: its pictures are not where they were.
        DataError: the data set is not the one the run was trained on.
    """
    record = run_folder.read_record(folder)
    settings = RunSettings(**record["settings"])
    if data is not None:
        settings = attrs.evolve(settings, data=data)
    if not (folder / checkpoint).is_file():
        raise _no_checkpoint(folder, checkpoint)
    split = datasets.kept_split(folder)
    if split is not None and not os.path.exists(settings.data):  # noqa: PTH110 - Path.exists raises at names too long
        raise RunError("runs.data_gone", name=folder.name, path=settings.data)
    dataset = datasets.load(settings, split, tell)
    if dataset.sha256 != record["data"]["sha256"]:
        raise DataError("runs.other_data", data=dataset.name)
    model = load_model(folder, checkpoint, device)
    run = Run(settings, model, dataset, folder)
    run.record, run.checkpoint = record, checkpoint
    return run


def resume(
    folder: Path,
    epochs: int | None = None,
    device: str | None = None,
    tell: TellPictures = lambda done, count: None,
    steps: int | None = None,
) -> Run:
    """A run that was cut, ready to go on exactly where it was; ``epochs`` or ``steps`` may move its end.

    Raises:
        RunError: the run is finished, or has no checkpoint.
        SettingError: the end lies before where the run stands, or is said twice.
    """
    record = run_folder.read_record(folder)
    if record["status"] == "finished":
        names = {"name": folder.name, "network": record["network"], "data": record["data"]["name"]}
        raise RunError("runs.finished", epochs=record["results"]["epochs"], **names)
    run = reopen(folder, device=record["settings"]["device"] if device is None else device, tell=tell)
    if epochs is not None or steps is not None:
        run.settings = attrs.evolve(run.settings, epochs=epochs, steps=steps)
        _check_end(run)
    if device is not None:
        run.settings = attrs.evolve(run.settings, device=device)
    run.go_on()
    return run


def _check_end(run: Run) -> None:
    """The end of a run must not lie before where it stands."""
    model, settings = run.model, run.settings
    epochs, steps = model.epoch + (model.position > 0), model.epoch * run.settled().steps_per_epoch + model.position
    if settings.epochs is not None and settings.epochs < epochs:
        raise SettingError("runs.behind", name=run.folder.name, reached=epochs, epochs=settings.epochs)
    if settings.steps is not None and settings.steps < steps:
        raise SettingError("runs.behind_steps", name=run.folder.name, reached=steps, steps=settings.steps)

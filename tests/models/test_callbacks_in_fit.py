"""Callbacks in a real fit: when each hook is called, what a callback may do to the model, and what the files hold."""

import pytest

from garasu import callbacks, models


class TestHooks:
    def test_all_hooks_in_keras_s_order(self, dense, clouds, hook):
        told = []
        functions = {
            "on_train_begin": lambda callback, logs=None: told.append("train begins"),
            "on_train_end": lambda callback, logs=None: told.append(f"train ends {sorted(logs)}"),
            "on_epoch_begin": lambda callback, epoch, logs=None: told.append(f"epoch {epoch} begins"),
            "on_epoch_end": lambda callback, epoch, logs=None: told.append(f"epoch {epoch} ends {sorted(logs)}"),
            "on_train_batch_begin": lambda callback, batch, logs=None: told.append(f"batch {batch} begins"),
            "on_train_batch_end": lambda callback, batch, logs=None: told.append(f"batch {batch} ends {sorted(logs)}"),
        }
        dense().fit(*clouds, batch_size=35, epochs=2, verbose=0, validation_data=clouds, callbacks=[hook(**functions)])
        means, both = "['acc', 'loss']", "['acc', 'loss', 'val_acc', 'val_loss']"
        batches = [f"batch {k} {what}" for k in range(2) for what in ("begins", f"ends {means}")]
        epochs = [[f"epoch {k} begins", *batches, f"epoch {k} ends {both}"] for k in range(2)]
        assert told == ["train begins", *epochs[0], *epochs[1], f"train ends {both}"]

    @pytest.mark.parametrize("eager", [True, False])
    def test_batch_hooks_hear_every_batch_and_change_no_bit(self, dense, clouds, hook, same, eager):
        heard = []
        plain, watched = dense(eager=eager), dense(eager=eager)
        plain.fit(*clouds, batch_size=4, epochs=2, verbose=0)
        note = hook(on_train_batch_end=lambda callback, batch, logs=None: heard.append((batch, logs["loss"])))
        watched.fit(*clouds, batch_size=4, epochs=2, verbose=0, callbacks=[note])
        assert [batch for batch, _ in heard] == [*range(18), *range(18)]
        assert heard[17][1] == watched.history.history["loss"][0]
        assert same(plain, watched)
        assert plain.history.history == watched.history.history

    def test_lambda_callback_with_a_batch_hook(self, dense, clouds):
        heard = []
        told = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: heard.append(batch))
        dense().fit(*clouds, batch_size=16, verbose=0, callbacks=[told])
        assert heard == [0, 1, 2, 3, 4]

    def test_params_and_model(self, dense, clouds, hook):
        seen = {}
        note = hook(on_train_begin=lambda callback, logs=None: seen.update(callback.params, model=callback.model))
        model = dense()
        model.fit(*clouds, batch_size=16, epochs=2, verbose=0, callbacks=[note])
        assert seen["model"] is model
        assert (seen["epochs"], seen["steps"], seen["verbose"]) == (2, 5, 0)


class TestWhatTheyDo:
    def test_stop_training_ends_after_the_epoch(self, dense, clouds, hook):
        def stop(callback, epoch, logs=None):
            callback.model.stop_training = epoch == 1

        assert dense().fit(*clouds, epochs=9, verbose=0, callbacks=[hook(on_epoch_end=stop)]).epoch == [0, 1]

    def test_early_stopping_gives_the_best_weights_back(self, dense, clouds, same, hook):
        kept = []
        note = hook(on_epoch_end=lambda callback, epoch, logs=None: kept.append(callback.model.get_weights()))
        stopping = callbacks.EarlyStopping(monitor="val_loss", patience=1, restore_best_weights=True)
        model = dense()
        model.optimizer.learning_rate = 30.0  # far too large: the loss goes up and down
        x, y = clouds
        model.fit(x[:50], y[:50], epochs=40, verbose=0, validation_data=(x[50:], y[50:]), callbacks=[note, stopping])
        losses = model.history.history["val_loss"]
        assert len(losses) < 40
        assert same(model, kept[losses.index(min(losses))])

    def test_a_schedule_really_changes_the_steps(self, dense, clouds, same):
        scheduled, plain = dense(), dense()
        schedule = callbacks.LearningRateScheduler(lambda epoch, rate: 0.0 if epoch else rate)
        history = scheduled.fit(*clouds, epochs=3, verbose=0, callbacks=[schedule]).history
        plain.fit(*clouds, epochs=1, verbose=0)
        assert same(scheduled, plain)
        assert history["learning_rate"] == [0.01, 0.0, 0.0]

    def test_checkpoints_hold_the_model_as_it_was(self, dense, clouds, hook, same, tmp_path):
        kept = []
        note = hook(on_epoch_end=lambda callback, epoch, logs=None: kept.append(callback.model.get_weights()))
        saving = callbacks.ModelCheckpoint(tmp_path / "{epoch}.safetensors")
        dense().fit(*clouds, epochs=3, verbose=0, callbacks=[note, saving])
        for number, weights in enumerate(kept, start=1):
            assert same(models.load_model(tmp_path / f"{number}.safetensors"), weights)

    def test_a_checkpoint_is_replaced(self, dense, clouds, same, tmp_path):
        saving = callbacks.ModelCheckpoint(tmp_path / "last.safetensors")
        model = dense()
        model.fit(*clouds, epochs=3, verbose=0, callbacks=[saving])
        assert same(models.load_model(tmp_path / "last.safetensors"), model)

    @pytest.mark.parametrize("freq", ["epoch", 2])
    def test_going_on_from_a_checkpoint_is_going_on(self, dense, clouds, same, tmp_path, freq):
        """Also one written in the middle of an epoch: it says where training stood."""
        whole, cut = dense("adam"), dense("adam")
        whole.fit(*clouds, batch_size=16, epochs=4, verbose=0)
        saving = callbacks.ModelCheckpoint(tmp_path / "{epoch}.safetensors", save_freq=freq)
        cut.fit(*clouds, batch_size=16, epochs=2, verbose=0, callbacks=[saving])
        loaded = models.load_model(tmp_path / "2.safetensors", engine="eager")
        loaded.fit(*clouds, batch_size=16, epochs=4, verbose=0, resume=True)
        assert same(loaded, whole)
        assert loaded.history.history == whole.history.history

    def test_predicting_in_the_middle_uses_the_weights_of_the_moment(self, dense, clouds, hook):
        answers = []
        note = hook(on_epoch_end=lambda callback, epoch, logs=None: answers.append(callback.model.predict(clouds[0])))
        model = dense(eager=False)
        model.fit(*clouds, epochs=2, verbose=0, callbacks=[note])
        assert (answers[-1] == model.predict(clouds[0])).all()
        assert (answers[0] != answers[1]).any()

    def test_an_exception_in_a_callback_leaves_a_whole_model(self, dense, clouds, hook, same):
        seen = []

        def fail(callback, epoch, logs=None):
            seen.append(callback.model.get_weights())
            raise ZeroDivisionError

        model = dense(eager=False)
        with pytest.raises(ZeroDivisionError):
            model.fit(*clouds, verbose=0, callbacks=[hook(on_epoch_end=fail)])
        assert same(model, seen[0])
        assert model.history.epoch == [0]

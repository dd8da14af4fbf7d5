"""The device is the one asked for or an error; compiled programs are kept in a private folder or not at all."""

import stat
from types import SimpleNamespace

import jax
import pytest

from garasu.array import Primitive
from garasu.messages import DataError, UnknownNameError
from garasu.train import compile_cache, devices
from garasu.train.engines import make_engine


class TestDevices:
    def test_cpu(self):
        assert devices.find("cpu").platform == "cpu"
        assert devices.find("CPU:0") == devices.find("cpu")
        assert devices.describe(devices.find("cpu")) == "cpu"
        assert devices.find() == jax.devices()[0]

    @pytest.mark.parametrize("name", ["cpu:99", "cpu:one"])
    def test_not_there(self, name):
        with pytest.raises(DataError, match=rf"'{name}' is not available here \(JAX sees: .*cpu"):
            devices.find(name)

    @pytest.mark.skipif(any(one.platform == "gpu" for one in jax.devices()), reason="this machine has a GPU")
    def test_no_silent_step_down(self, language):
        for name in ("gpu", "cuda:0"):
            with pytest.raises(DataError, match="JAX"):
                devices.find(name)

    def test_unknown(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'cpu'"):
            devices.find("cpuu")

    def test_programs_are_made_for_the_device(self, bench):
        """Inside an engine for a GPU the forms that were measured on CPUs are not taken."""

        @Primitive
        def which(x):
            return "for any device"

        which.form("jax-cpu")(lambda x: "for the CPU")
        engine, x = make_engine("jit", bench("dropout").task), jax.numpy.ones(1)
        for platform, form in (("cpu", "for the CPU"), ("gpu", "for any device")):
            engine._device = SimpleNamespace(platform=platform)
            with engine._settings():
                assert which(x) == form

    def test_engines_by_name(self, bench):
        one = bench("dropout")
        assert make_engine("eager", one.task).device == "cpu (NumPy)"
        assert make_engine("jit", one.task, "cpu").device == "cpu"
        with pytest.raises(UnknownNameError, match="Did you mean 'jit'"):
            make_engine("jitt", one.task)


@pytest.fixture
def setting(monkeypatch, tmp_path):
    """JAX's setting as on a fresh start; the environment names a folder that is not there yet."""
    before = compile_cache.in_use()
    jax.config.update("jax_compilation_cache_dir", None)
    monkeypatch.setenv(compile_cache.VARIABLE, str(tmp_path / "programs"))
    yield tmp_path / "programs"
    jax.config.update("jax_compilation_cache_dir", before)


class TestCompileCache:
    def test_private_and_by_processor(self, setting):
        compile_cache.switch_on()
        place = setting / compile_cache.features()
        assert compile_cache.in_use() == str(place)
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert len(compile_cache.features()) == 12

    def test_off(self, setting, monkeypatch):
        monkeypatch.setenv(compile_cache.VARIABLE, "off")
        compile_cache.switch_on()
        assert compile_cache.in_use() is None
        assert not setting.exists()

    def test_a_choice_of_the_host_program_stays(self, setting):
        jax.config.update("jax_compilation_cache_dir", str(setting / "mine"))
        compile_cache.switch_on()
        assert compile_cache.in_use() == str(setting / "mine")

    def test_a_folder_that_others_may_write_to_is_left_alone(self, setting):
        place = setting / compile_cache.features()
        place.mkdir(parents=True)
        place.chmod(0o777)
        compile_cache.switch_on()
        assert compile_cache.in_use() is None

    def test_a_folder_that_cannot_be_made(self, setting):
        setting.write_text("a file")
        compile_cache.switch_on()
        assert compile_cache.in_use() is None

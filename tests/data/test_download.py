"""Fetching: whole files only, from the next mirror where one fails, and nothing half left behind."""

import threading
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from garasu import data
from garasu.data import fashion_mnist, mnist
from garasu.data.download import Remote, Remotes, fetch, is_whole
from garasu.messages import DataError, FileError

CONTENT = bytes(range(256)) * 3000


class Mirrors(BaseHTTPRequestHandler):
    """Several mirrors on one server: what they do is the first part of the path."""

    def __init__(self, asked, *arguments):
        self.asked = asked
        super().__init__(*arguments)

    def do_GET(self):
        _, mirror, _ = self.path.split("/")
        self.asked.append(mirror)
        if mirror == "refusing":
            self.send_error(403)
            return
        content = {
            "good": CONTENT,
            "changed": CONTENT[:-1] + b"!",
            "short": CONTENT[:-9],
            "long": CONTENT + b"!",
            "endless": CONTENT * 5,
            "breaking": CONTENT[:1000],
            "page": b"<html>please log in</html>",
        }[mirror]
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT) if mirror == "breaking" else len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:  # hung up on: it had too much to say
            self.close_connection = True

    def log_message(self, *arguments):
        """Nothing on standard error."""


@pytest.fixture
def server():
    """(address of a mirror by its name, the mirrors asked so far)."""
    asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Mirrors, asked)) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield (lambda *names: tuple(f"http://127.0.0.1:{running.server_port}/{name}/" for name in names)), asked
        running.shutdown()
        thread.join()


FILE = Remote("file.gz", len(CONTENT), sha256(CONTENT).hexdigest())


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_good_mirror(server, tmp_path):
    address, asked = server
    told = []
    (path,) = fetch(Remotes(address("good"), (FILE,)), tmp_path / "new" / "folder", lambda *each: told.append(each))
    assert path.read_bytes() == CONTENT and names(path.parent) == ["file.gz"]
    assert told[-1] == ("file.gz", len(CONTENT), len(CONTENT)) and asked == ["good"]
    fetch(Remotes(address("good"), (FILE,)), path.parent)
    assert asked == ["good"]  # what is whole is not fetched again


@pytest.mark.parametrize("bad", ["refusing", "changed", "short", "long", "endless", "breaking", "page"])
def test_a_bad_mirror_is_followed_by_the_next(server, tmp_path, bad):
    address, asked = server
    (path,) = fetch(Remotes(address(bad, "good"), (FILE,)), tmp_path)
    assert path.read_bytes() == CONTENT and names(tmp_path) == ["file.gz"] and asked == [bad, "good"]


@pytest.mark.parametrize("bad", ["refusing", "changed", "short", "long", "endless", "breaking", "page"])
def test_where_every_mirror_is_bad_nothing_is_left_and_what_was_there_stays(server, tmp_path, bad):
    address, _ = server
    (tmp_path / "file.gz").write_bytes(b"an old one")
    with pytest.raises(DataError, match=f"file.gz could not be fetched .*{bad}.*--data digits.*GARASU_DATA"):
        fetch(Remotes(address(bad), (FILE,)), tmp_path)
    assert names(tmp_path) == ["file.gz"] and (tmp_path / "file.gz").read_bytes() == b"an old one"


def test_without_a_network_one_sentence_says_what_to_do(tmp_path, language):
    with pytest.raises(DataError) as caught:
        fetch(Remotes(("http://127.0.0.1:9/", "http://127.0.0.1:9/"), (FILE,)), tmp_path)
    assert all(part in str(caught.value) for part in ("file.gz", "--data digits", "GARASU_DATA"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="Cannot write"):
        fetch(Remotes((), (FILE,)), tmp_path / "file" / "folder")


@pytest.mark.parametrize("content", [b"", CONTENT[:-1], CONTENT + b"x", CONTENT[::-1]])
def test_what_is_not_whole(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    assert not is_whole(tmp_path / "x", FILE)


@pytest.mark.parametrize("remotes", [mnist.REMOTES, fashion_mnist.REMOTES])
def test_at_least_two_mirrors_and_every_file_known(remotes):
    assert len(set(remotes.mirrors)) >= 2 and all(mirror.endswith("/") for mirror in remotes.mirrors)
    assert len(remotes.files) == 4
    assert all(len(file.sha256) == 64 and file.size > 4000 for file in remotes.files)


def test_get_fetches_into_the_folder_of_data_sets(server, tmp_path, monkeypatch):
    address, asked = server
    source = data.registry.SOURCES["mnist"]
    from attrs import evolve

    monkeypatch.setenv("GARASU_DATA", str(tmp_path))
    monkeypatch.setitem(data.registry.SOURCES, "mnist", evolve(source, remotes=Remotes(address("good"), (FILE,))))
    data.get("mnist")
    assert (tmp_path / "mnist" / "file.gz").read_bytes() == CONTENT and asked == ["good"]
    assert data.get("digits") == data.locate("digits")


class TestFashionMnist:
    @pytest.fixture
    def small(self, tmp_path, monkeypatch, idx_bytes):
        """Four small files in Fashion-MNIST's place."""
        import gzip

        folder = tmp_path / "fashion_mnist"
        folder.mkdir()
        contents = (
            idx_bytes((5, 2, 3)),
            idx_bytes((5,), bytes(5)),
            idx_bytes((2, 2, 3)),
            idx_bytes((2,), bytes([9, 2])),
        )
        remotes = []
        for file, content in zip(fashion_mnist.REMOTES.files, contents, strict=True):
            packed = gzip.compress(content, mtime=0)
            (folder / file.name).write_bytes(packed)
            remotes.append(Remote(file.name, len(packed), sha256(packed).hexdigest()))
        monkeypatch.setattr(fashion_mnist, "REMOTES", Remotes(("http://127.0.0.1:9/",) * 2, tuple(remotes)))
        monkeypatch.setenv("GARASU_DATA", str(tmp_path))
        return folder

    def test_read(self, small):
        from garasu.datasets import fashion_mnist as face

        one = data.load("fashion_mnist")
        assert one.train_images.shape == (5, 2, 3) and one.test_labels.tolist() == [9, 2]
        assert one.class_names[9] == "Ankle boot" and one.picture is None
        (x, y), _ = face.load_data()
        assert x.dtype == y.dtype == "uint8" and x.shape == (5, 2, 3)

    def test_not_the_published_file(self, small):
        path = small / "t10k-labels-idx1-ubyte.gz"
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        with pytest.raises(DataError, match="not the file as it was published"):
            data.load("fashion_mnist")

    def test_incomplete_or_absent(self, small, language):
        (small / "t10k-labels-idx1-ubyte.gz").unlink()
        assert data.missing("fashion_mnist") == ("t10k-labels-idx1-ubyte.gz",)
        with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte.*garasu data get fashion_mnist"):
            data.load("fashion_mnist")
        for path in small.iterdir():
            path.unlink()
        with pytest.raises(DataError, match="garasu data get fashion_mnist"):
            data.load("fashion_mnist")

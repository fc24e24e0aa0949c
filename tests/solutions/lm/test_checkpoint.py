"""Is a checkpoint written whole or not at all, and is one that cannot be used refused with a reason?"""

import pickle
from dataclasses import asdict

import pytest

torch = pytest.importorskip("torch")

from solutions.lm import LMError, checkpoint  # noqa: E402
from solutions.lm.checkpoint import Checkpoint, load, save  # noqa: E402
from solutions.lm.model import Sizes, Transformer  # noqa: E402
from solutions.lm.training import Recipe  # noqa: E402

SIZES = Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8)


DATA = {"kind": "source", "name": "of four tokens"}


def a_checkpoint(step=3, sizes=SIZES):
    return Checkpoint(step, sizes, asdict(Recipe()), DATA, Transformer(SIZES).state_dict(), [])


@pytest.fixture
def path(tmp_path):
    save(a_checkpoint(), tmp_path / "checkpoint.pt")
    return tmp_path / "checkpoint.pt"


def test_what_is_saved_is_loaded(tmp_path):
    ours = a_checkpoint()
    save(ours, tmp_path / "new folder" / "checkpoint.pt")
    theirs = load(tmp_path / "new folder" / "checkpoint.pt")
    assert (theirs.step, theirs.sizes, theirs.recipe, theirs.data) == (
        ours.step,
        ours.sizes,
        ours.recipe,
        ours.data,
    )
    assert all(torch.equal(theirs.model().state_dict()[name], value) for name, value in ours.weights.items())
    assert [file.name for file in (tmp_path / "new folder").iterdir()] == ["checkpoint.pt"]


def test_a_full_disk_leaves_the_checkpoint_before(path, monkeypatch):
    def full(content, file):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.torch, "save", full)
    with pytest.raises(LMError, match="No space left on device.*; the one before is kept"):
        save(a_checkpoint(step=9), path)
    monkeypatch.undo()
    assert load(path).step == 3
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_called_damaged(share, path):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(LMError, match="damaged or no checkpoint"):
        load(path)


@pytest.mark.parametrize("name", ["embedding.weight", "blocks.0.qkv.weight"])
def test_a_flipped_bit_in_the_weights_is_found(name, path):
    whole = bytearray(path.read_bytes())
    weight = load(path).weights[name].numpy().tobytes()
    whole[whole.index(weight) + len(weight) // 2] ^= 1
    path.write_bytes(whole)
    with pytest.raises(LMError, match="damaged or no checkpoint"):
        load(path)


def test_a_file_of_another_kind_is_refused(path):
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(LMError, match="damaged or no checkpoint"):
        load(path)
    torch.save({"weights": torch.zeros(2)}, path)
    with pytest.raises(LMError, match="a file of another program"):
        load(path)
    torch.save([1, 2], path)
    with pytest.raises(LMError, match="a file of another program"):
        load(path)


class Trap:
    def __reduce__(self):
        return (open, (Trap.where, "w"))


def test_code_in_a_file_is_not_run(path, tmp_path):
    Trap.where = str(tmp_path / "sprung")
    for write in (lambda: torch.save(Trap(), path), lambda: path.write_bytes(pickle.dumps(Trap()))):
        write()
        with pytest.raises(LMError, match="damaged or no checkpoint"):
            load(path)
    assert not (tmp_path / "sprung").exists()


def test_another_version_and_missing_parts_are_said(path):
    content = torch.load(path, weights_only=True)
    torch.save({**content, "version": 99}, path)
    with pytest.raises(LMError, match="version 99, this program reads 1"):
        load(path)
    torch.save({**content, "weights": {"gain": 3}}, path)
    with pytest.raises(LMError, match="do not fit its sizes"):
        load(path).model()
    torch.save({**content, "sizes": {**content["sizes"], "width": 0}}, path)
    with pytest.raises(LMError, match="lacks parts of a checkpoint"):
        load(path)
    del content["weights"]
    torch.save(content, path)
    with pytest.raises(LMError, match="lacks parts of a checkpoint"):
        load(path)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("step", -1),
        ("step", "3"),
        ("recipe", [1]),
        ("data", None),
        ("data", {"kind": "text"}),
        ("data", {**DATA, "kind": "table"}),
        ("data", {**DATA, "symbols": "abc"}),
        ("data", {**DATA, "symbols": 4}),
        ("weights", 3),
        ("optimizers", {}),
        ("optimizers", [1]),
    ],
)
def test_a_part_that_was_altered_is_named(part, value, path):
    torch.save({**torch.load(path, weights_only=True), part: value}, path)
    named = "alphabet" if isinstance(value, dict) and "symbols" in value else part
    with pytest.raises(LMError, match=f"was altered: its {named} is not"):
        load(path)


def test_weights_that_do_not_fit_their_sizes_are_refused(path):
    save(a_checkpoint(sizes=Sizes(vocabulary=5, context=8, layers=1, heads=1, width=8)), path)
    with pytest.raises(LMError, match="do not fit its sizes"):
        load(path).model()


def test_a_missing_checkpoint_is_said(tmp_path):
    with pytest.raises(LMError, match="there is no checkpoint"):
        load(tmp_path / "none.pt")

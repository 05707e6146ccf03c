"""Pack a fine-tuned model folder into int8 weights for shipping, or unpack one.

    pack_model.py MODEL_FOLDER PACKED_FOLDER [--levels 127] [--frozen-layers N --frozen-levels 63]
        [--blend FOLDER --share 0.4] [--contradiction -0.4] [--dev FILE.jsonl.gz ...] [--limit N]

Matrices become NAME.q (int8, one scale per row) and NAME.s (fp16 scales); every other tensor is
fp16. What a wheel weighs is the compressed size, so two things that change no shape make it
smaller: fewer `--levels` than int8 has (63 is 7 bits, 31 is 6), and zeros for the embeddings of
tokens that English text does not yield (reserved ones, and letters of other scripts). Layers that
training froze can have other levels than the rest: they lose nothing with those they had. `--blend`
averages the weights with those of the model that training started from, at `--share`;
`--contradiction` is added to the logit of that label, where training had more or fewer contradictions than texts
that are read will have. With `--dev`, the accuracy of both models on those files is printed.

The folder also gets the graph that OpenVINO runs: `openvino.xml`, whose constants are places in `openvino.bin`
(what is no weight of the model, padded) followed by the packed weights, so that no weight is shipped twice.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Callable

    import openvino
    import torch
    from transformers import PreTrainedModel

PACKED_NAME = "model.int8.safetensors"
GRAPH_NAME = "openvino.xml"
ALIGNMENT = 64
WEIGHTS_HASH = "weights_sha256"


def pack(
    state: dict[str, torch.Tensor], *, levels: int | Callable[[str], int] = 127
) -> dict[str, torch.Tensor]:
    """Quantise every matrix of a state per row to -levels … levels; keep the rest as fp16.

    `levels` can also tell those of each matrix by its name.
    """
    import torch

    packed = {}
    for name, tensor in state.items():
        if tensor.ndim != 2:
            packed[name] = tensor.half().contiguous()
            continue
        most = levels(name) if callable(levels) else levels
        scales = (tensor.float().abs().amax(dim=1, keepdim=True) / most).clamp(min=1e-7).half()
        rounded = (tensor.float() / scales.float()).round().clamp(-most, most)
        packed[f"{name}.q"] = rounded.to(torch.int8).contiguous()
        packed[f"{name}.s"] = scales.contiguous()
    return packed


def unpack(packed: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The float32 state that `pack` was given, but for rounding."""
    state = {}
    for name, tensor in packed.items():
        if name.endswith(".q"):
            state[name[:-2]] = tensor.float() * packed[f"{name[:-2]}.s"].float()
        elif not name.endswith(".s"):
            state[name] = tensor.float()
    return state


def load_model(folder: Path) -> PreTrainedModel:
    """Load a sequence classifier from a folder with packed or ordinary safetensors.

    A plain encoder gets a fresh three-way head.

    Raises:
        ValueError: Packed weights do not fit the config.
    """
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModelForSequenceClassification

    packed = sorted(folder.glob("*.int8.safetensors"))
    if not packed:
        names = ("entailment", "neutral", "contradiction")
        return AutoModelForSequenceClassification.from_pretrained(
            folder,
            id2label=dict(enumerate(names)),
            label2id={name: i for i, name in enumerate(names)},
            use_safetensors=True,
        ).float()
    model = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(folder))
    missing, unexpected = model.load_state_dict(unpack(load_file(packed[0])), strict=False)
    missing = [name for name in missing if not name.endswith("position_ids")]
    if missing or unexpected:
        raise ValueError(f"{packed[0]}: missing {missing[:3]}, unexpected {unexpected[:3]}.")
    return model.float()


def foreign_tokens(tokenizer_file: Path) -> list[int]:
    """Ids of reserved tokens and of tokens with letters that are neither Latin nor Greek."""
    vocabulary = json.loads(tokenizer_file.read_text(encoding="utf8"))["model"]["vocab"]
    return sorted(
        index
        for token, index in vocabulary.items()
        if token.startswith("[unused")
        or any(c.isalpha() and not _spelled_in(c, ("LATIN", "GREEK")) for c in token)
    )


def _spelled_in(letter: str, scripts: tuple[str, ...]) -> bool:
    return any(script in unicodedata.name(letter, "") for script in scripts)


def write_packed(
    model: PreTrainedModel,
    source: Path,
    target: Path,
    *,
    levels: int = 127,
    frozen_layers: int = 0,
    frozen_levels: int = 127,
) -> Path:
    """Write `model` packed, with config and tokenizer files of `source`, to `target`.

    The embeddings and the lowest `frozen_layers` layers get `frozen_levels`: training that left them as they were
    packed before loses nothing by packing them in the same way again.
    """
    from safetensors.torch import save_file

    target.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        if (source / name).resolve() != (target / name).resolve():
            shutil.copyfile(source / name, target / name)
    state = dict(model.state_dict())
    embeddings = next(name for name in state if name.endswith("word_embeddings.weight"))
    state[embeddings] = state[embeddings].clone()
    state[embeddings][foreign_tokens(source / "tokenizer.json")] = 0
    path = target / PACKED_NAME
    frozen = re.compile(
        rf"embeddings\.|\.layer\.({'|'.join(map(str, range(frozen_layers)))})\."
        if frozen_layers
        else "$."
    )
    packed = pack(state, levels=lambda name: frozen_levels if frozen.search(name) else levels)
    save_file(packed, path, metadata={"format": "pt"})
    return path


def blend(model: PreTrainedModel, start: PreTrainedModel, share: float) -> None:
    """Move the weights of `model` towards those of `start`, by `share` of the way."""
    import torch

    other = start.state_dict()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.lerp_(other[name], share)


def shift_contradiction(model: PreTrainedModel, logit: float) -> None:
    """Add to the logit of a contradiction, whatever the texts."""
    import torch

    ids = {name.lower(): index for name, index in model.config.label2id.items()}
    [bias] = [
        parameter
        for name, parameter in model.named_parameters()
        if name.startswith("classifier") and parameter.shape == (len(ids),)
    ]
    with torch.no_grad():
        bias[ids["contradiction"]] += logit


def write_graph(folder: Path) -> None:
    """Write the OpenVINO graph of a packed folder, referring to its weights, into the folder.

    Raises:
        ValueError: A packed matrix does not occur in the graph.
    """
    import openvino
    import torch

    example = torch.ones(2, 16, dtype=torch.long)
    with warnings.catch_warnings(action="ignore"):  # of tracing
        graph = openvino.convert_model(
            load_model(folder).eval(),
            example_input={"input_ids": example, "attention_mask": example},
        )
    compress_constants(graph, folder / PACKED_NAME)
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary, GRAPH_NAME)
        openvino.save_model(graph, file, compress_to_fp16=True)
        point_at_weights(file, folder / PACKED_NAME)
        for made in (file, file.with_suffix(".bin")):
            shutil.copyfile(made, folder / made.name)


def compress_constants(graph: openvino.Model, weights: Path) -> None:
    """Put the packed form of each matrix in the place of the float32 constant made of it."""
    import numpy as np
    import openvino
    from openvino import opset13 as operations
    from safetensors.torch import load_file

    packed = load_file(weights)
    matrices = {
        name: matrix.numpy() for name, matrix in unpack(packed).items() if f"{name}.q" in packed
    }
    left = set(matrices)
    for node in graph.get_ops():
        if node.get_type_name() != "Constant" or node.get_element_type() != openvino.Type.f32:
            continue
        for name, matrix in matrices.items():
            if matrix.shape == node.data.shape and np.array_equal(node.data, matrix):
                integers, scales = packed[f"{name}.q"].numpy(), packed[f"{name}.s"].numpy()
                whole = operations.convert(operations.constant(integers), "f16")
                value = operations.convert(
                    operations.multiply(whole, operations.constant(scales)), "f32"
                )
                for target in node.output(0).get_target_inputs():
                    target.replace_source_output(value.output(0))
                left.discard(name)
                break
    if left:
        raise ValueError(f"{weights}: not found in the graph: {sorted(left)[:3]}.")


def point_at_weights(graph: Path, weights: Path) -> None:
    """Make constants that are tensors of `weights` refer to that file, as if it followed the graph's own constants."""
    raw, own = weights.read_bytes(), graph.with_suffix(".bin").read_bytes()
    header = 8 + int.from_bytes(raw[:8], "little")
    spans = [
        (header + start, header + end)
        for key, tensor in json.loads(raw[8:header]).items()
        if key != "__metadata__"
        for start, end in [tensor["data_offsets"]]
    ]
    places = {raw[start:end]: start for start, end in spans}
    tree = ElementTree.parse(graph)
    kept, shared = bytearray(), []
    for data in tree.iterfind(".//layer[@type='Const']/data"):
        start, size = int(data.get("offset", 0)), int(data.get("size", 0))
        value = own[start : start + size]
        if value in places and size >= ALIGNMENT:
            shared.append((data, places[value]))
            continue
        kept += b"\0" * (-len(kept) % ALIGNMENT)
        data.set("offset", str(len(kept)))
        kept += value
    kept += b"\0" * (-len(kept) % ALIGNMENT)
    for data, place in shared:
        data.set("offset", str(len(kept) + place))
    about = tree.getroot().find("rt_info")
    if about is None:
        about = ElementTree.SubElement(tree.getroot(), "rt_info")
    ElementTree.SubElement(about, WEIGHTS_HASH, value=hashlib.sha256(raw).hexdigest())
    graph.with_suffix(".bin").write_bytes(kept)
    tree.write(graph, encoding="utf-8")


def gzipped_megabytes(path: Path) -> float:
    """Size of the file as a wheel would hold it, in millions of bytes."""
    return len(gzip.compress(path.read_bytes(), compresslevel=9)) / 1e6


def main() -> None:
    """Pack, and say what it cost."""
    from evaluate_nli import Predictor, accuracy_on

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--blend", type=Path)
    parser.add_argument("--share", type=float, default=0.4)
    parser.add_argument("--contradiction", type=float, default=0.0, metavar="LOGIT")
    parser.add_argument("--levels", type=int, default=127)
    parser.add_argument("--frozen-layers", type=int, default=0)
    parser.add_argument("--frozen-levels", type=int, default=127)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--limit", type=int, default=1000)
    args = parser.parse_args()

    model = load_model(args.model)
    if args.blend:
        blend(model, load_model(args.blend), args.share)
    shift_contradiction(model, args.contradiction)
    path = write_packed(
        model,
        args.model,
        args.target,
        levels=args.levels,
        frozen_layers=args.frozen_layers,
        frozen_levels=args.frozen_levels,
    )
    write_graph(args.target)
    report = {
        "weights_mb": round(path.stat().st_size / 1e6, 2),
        "gzip_mb": round(gzipped_megabytes(path), 2),
        "accuracy": {},
    }
    for dev in args.dev:
        report["accuracy"][dev.name.split(".")[0]] = {
            side: round(accuracy_on(Predictor(folder), dev, limit=args.limit), 4)
            for side, folder in (("before", args.model), ("packed", args.target))
        }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()

"""What runs a network: batches of token ids in, logits out. Part of `nli`.

* `OpenvinoEngine`: matrices of int8, activations rounded to int8 in groups of a token's values while it runs; what
  is no matrix product in bfloat16 on processors made for it, else in float32. For the models that come with the
  library, which bring their graph with them (``openvino.xml``).
* `TorchEngine`: float32, or bfloat16 on processors made for it. For every model and device.

`pick_engine` takes the fastest that fits; ``scripts/benchmark.py`` measures them beside each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from contradict.errors import ModelError
from contradict.weights import Model, load_network, unusable

if TYPE_CHECKING:
    import numpy as np

Precision = Literal["float32", "bfloat16", "int8"]
Arrays = Mapping[str, "np.ndarray[Any, Any]"]

_GROUP = 128
"""Values of a token that share a scale: the fewer, the slower, and the nearer to float32."""


class Engine(Protocol):
    """Anything that runs a network.

    Attributes:
        precision: What its matrices are multiplied in.
        batch_tokens: Tokens in a batch, padding included, at which it is fastest.
        most_tokens: Tokens of a pair that the network has positions for; None where only the tokenizer knows.
        vocabulary: Number of token ids that the network knows.
        warnings: What the user of the network should know.
    """

    precision: Precision
    batch_tokens: int
    most_tokens: int | None
    vocabulary: int
    warnings: tuple[str, ...]

    def run(self, inputs: Arrays) -> np.ndarray[Any, Any]:
        """Logits of shape (pairs, labels) from arrays of shape (pairs, tokens) by input name; from any thread."""
        ...


def pick_engine(model: Model, device: str | None, precision: Precision | None) -> Engine:
    """The engine for a model; the fastest where `device` or `precision` is None.

    Raises:
        ModelError: The weights cannot be used, or the device, or the precision on it.
        ValueError: There is no such precision.
    """
    if precision is not None and precision not in get_args(Precision):
        raise ValueError(f"precision must be one of {get_args(Precision)}, got {precision!r}")
    lack = _what_int8_lacks(model, device)
    if precision == "int8":
        if lack:
            raise ModelError(
                f"Model '{model.name}' cannot be run in int8: {lack}. Give 'float32' or 'bfloat16', or leave the "
                "precision out."
            )
        return OpenvinoEngine(model)
    if precision is None and not lack and (device or not _has_gpu()):
        try:
            return OpenvinoEngine(model)
        except ModelError:
            # A processor that OpenVINO cannot serve; files that are damaged PyTorch refuses, too.
            engine = TorchEngine(model, device)
            slow = (
                f"OpenVINO cannot run it here, so PyTorch does in {engine.precision}, more slowly."
            )
            engine.warnings += (f"Model '{model.name}': {slow}",)
            return engine
    return TorchEngine(model, device, precision)


class OpenvinoEngine:
    """Int8 on the CPU, by OpenVINO.

    The graph's constants stand in two files, one after the other: what only it needs, and the model's weights.
    """

    precision: Precision = "int8"
    batch_tokens = 1024  # what its layers pass to each other then stays in the cache
    most_tokens: int | None = None
    warnings: tuple[str, ...] = ()

    def __init__(self, model: Model) -> None:
        import openvino
        import torch

        if model.graph is None:
            raise ValueError(f"model '{model.name}' brings no graph")
        self.vocabulary = model.tokenizer.backend.get_vocab_size()  # packed together
        rest = fastest_precision(torch.device("cpu"))
        settings = {
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP,
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
            "INFERENCE_PRECISION_HINT": {"bfloat16": "bf16", "float32": "f32"}[rest],
            "ENABLE_CPU_PINNING": False,  # two processes would be bound to the same cores
            "PERFORMANCE_HINT": "LATENCY",  # one batch at a time, on all threads
        }
        try:
            self._constants = _read_together(model.graph.with_suffix(".bin"), model.weights)
            core = openvino.Core()
            graph = core.read_model(
                model.graph.read_bytes(), openvino.Tensor(self._constants, shared_memory=True)
            )
            self._compiled = core.compile_model(graph, "CPU", settings)
        except (OSError, RuntimeError) as error:
            reason = next(iter(str(error).strip().splitlines()[-1:]), type(error).__name__)
            raise unusable(model.name, reason) from error

    def run(self, inputs: Arrays) -> np.ndarray[Any, Any]:
        """See `Engine`."""
        request = self._compiled.create_infer_request()  # of its own, so that threads do not meet
        logits: np.ndarray[Any, Any] = request.infer(dict(inputs))[0]
        return logits


class TorchEngine:
    """Any model on any device, by PyTorch."""

    batch_tokens = 4096

    def __init__(
        self, model: Model, device: str | None = None, precision: Precision | None = None
    ) -> None:
        network, self.warnings = load_network(model)
        self._device = _pick_device(device)
        self.network = _move(network, self._device)
        self.precision = precision or fastest_precision(self._device)
        self.most_tokens = _count_positions(self.network)
        self.vocabulary = self.network.get_input_embeddings().num_embeddings

    def run(self, inputs: Arrays) -> np.ndarray[Any, Any]:
        """See `Engine`."""
        import torch

        halved = self.precision == "bfloat16"
        tensors = {name: torch.from_numpy(array).to(self._device) for name, array in inputs.items()}
        with (
            torch.inference_mode(),
            torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=halved),
        ):
            logits: np.ndarray[Any, Any] = self.network(**tensors).logits.float().cpu().numpy()
        return logits


def _read_together(*files: Path) -> np.ndarray[Any, Any]:
    """The bytes of files, one after the other."""
    import numpy as np

    sizes = [file.stat().st_size for file in files]
    together = np.empty(sum(sizes), np.uint8)
    start = 0
    for file, size in zip(files, sizes, strict=True):
        with file.open("rb") as stream:
            stream.readinto(together[start : start + size].data)
        start += size
    return together


def _what_int8_lacks(model: Model, device: str | None) -> str:
    """Why a model cannot be run in int8 on a device; empty where it can."""
    if device is not None and device != "cpu":
        return f"int8 runs on the CPU only, not on '{device}'"
    if model.graph is None:
        return "only models that come with the library have the graph it takes"
    if find_spec("openvino") is None:
        return "OpenVINO is not installed"
    return ""


def _has_gpu() -> bool:
    return bool(_pick_device(None).type != "cpu")


def _pick_device(device: str | None) -> Any:
    import torch

    if device is None:
        device = (
            "cuda"
            if torch.cuda.is_available()
            else "mps"
            if torch.backends.mps.is_available()
            else "cpu"
        )
    try:
        return torch.device(device)
    except RuntimeError as error:
        raise _device_error(device, error) from error


def fastest_precision(device: Any) -> Precision:
    """bfloat16 where the processor multiplies it natively (AVX512-BF16, AMX); without, it is slower."""
    import torch

    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # new in torch 2.10
    native = able.get("avx512_bf16") or able.get("amx_bf16")
    return "bfloat16" if device.type == "cpu" and native else "float32"


def _count_positions(network: Any) -> int | None:
    positions = getattr(network.config, "max_position_embeddings", None)
    if not positions or positions < 0:
        return None
    # RoBERTa and its kin count positions from behind the padding index on.
    offsets = (
        module.padding_idx + 1
        for name, module in network.named_modules()
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None
    )
    return int(positions - max(offsets, default=0))


def _move(network: Any, device: Any) -> Any:
    try:
        return network.to(device)
    except (AssertionError, RuntimeError, NotImplementedError) as error:
        raise _device_error(str(device), error) from error


def _device_error(device: str, error: Exception) -> ModelError:
    reason = str(error).strip().splitlines()[0]
    return ModelError(
        f"Device '{device}' cannot be used: {reason} Give 'cpu', or leave the device out."
    )

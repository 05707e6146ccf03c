"""NLI model folders: found by name, checked, and loaded. Part of `nli`.

Every model is a folder in hub layout: ``config.json``, a tokenizer, and weights in one of three
forms: ``model.safetensors`` (float32, float16 or bfloat16), the same in shards, or
``model.int8.safetensors``. The last holds a matrix NAME as ``NAME.q`` (int8) and ``NAME.s``
(float16, one scale for each row, shape (rows, 1)), and all else in float16 under its own name.
Pickled checkpoints and code that comes with a model are never loaded.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contradict.errors import ModelError, some_of
from contradict.profiles import EMBEDDED, embedded_folder, list_profiles, path_of

_WEIGHTS = "model.safetensors"
_SHARDS = "model.safetensors.index.json"
_INT8 = "model.int8.safetensors"
_GRAPH = "openvino.xml"
_VOCABULARIES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spm.model",
    "spiece.model",
    "sentencepiece.bpe.model",
)
_SMALL_FILES = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
    *_VOCABULARIES,
)
_WEIGHT_FILES = (_WEIGHTS, _SHARDS, "model-*.safetensors", _INT8)
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")

_HUB_NAME = re.compile(r"(?P<name>[\w][\w.-]*/[\w][\w.-]*)(@(?P<revision>[\w][\w./-]*))?")
_STEMS = {"entailment": "entail", "neutral": "neutral", "contradiction": "contradict"}
_NEGATED_ENTAILMENT = re.compile(r"(?<![a-z])(not?|non)[\W_]*entail")


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """What makes token ids of texts.

    Attributes:
        backend: One of the `tokenizers` library.
        pad_token: Id of what fills a batch up.
        pads_left: Whether that stands before a text.
        most_tokens: Most tokens of a pair; an astronomic number where none is given.
        has_types: Whether the network is told which of the two texts a token belongs to.
    """

    backend: Any
    pad_token: int
    pads_left: bool
    most_tokens: float
    has_types: bool


@dataclass(frozen=True, slots=True)
class Model:
    """A checked model; its weights are not loaded yet (`load_network` does that).

    Attributes:
        name: What findings call it.
        folder: Where its files are.
        embedded: Whether it comes with the library.
        tokenizer: What makes token ids of texts.
        roles: For each output of the network what it stands for: ``entailment``, ``neutral``,
            ``contradiction`` or ``not_entailment``.
        warnings: What its user should know.
    """

    name: str
    folder: Path
    embedded: bool
    tokenizer: Tokenizer
    roles: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def graph(self) -> Path | None:
        """The graph that OpenVINO runs; only a model that comes with the library is trusted to bring one."""
        file = self.folder / _GRAPH
        return file if self.embedded and file.is_file() else None

    @property
    def weights(self) -> Path:
        """The compressed weights that the graph refers to."""
        return self.folder / _INT8


def load_model(model: str | os.PathLike[str] | None = None) -> Model:
    """Find and check a model, and load its tokenizer.

    Args:
        model: None for the default profile, a profile's name, a folder, or a hub name "org/name"
            that may end in "@revision". A name is looked for in this order.

    Raises:
        ModelError: The model cannot be found, trusted or understood.
    """
    name, folder, embedded = _find(model)
    if embedded:
        return _load_embedded(name, folder)
    config = _check_folder(name, folder)
    roles = resolve_roles(name, config.id2label)
    with _quiet_transformers():
        tokenizer = _load_tokenizer(name, folder, config)
    warnings = []
    if "not_entailment" in roles:
        warnings.append(
            f"Model '{name}' knows only entailment and not_entailment: what is not entailed counts "
            "as a contradiction, also where it is neutral, so expect many false alarms. Prefer a "
            "three-label model."
        )
    return Model(name, folder, embedded, tokenizer, roles, tuple(warnings))


def _load_embedded(name: str, folder: Path) -> Model:
    """A model that comes with the library, read without transformers, which takes a second to import."""
    import tokenizers

    try:
        labels = _read_json(name, folder / "config.json")["id2label"]
        settings = _read_json(name, folder / "tokenizer_config.json")
        backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer = Tokenizer(
            backend,
            pad_token=backend.get_vocab()[settings["pad_token"]],
            pads_left=settings["padding_side"] == "left",
            most_tokens=settings["model_max_length"],
            has_types=False,
        )
    except Exception as error:  # the tokenizers library raises bare Exception
        raise unusable(name, first_line(error)) from error
    roles = resolve_roles(name, {int(index): label for index, label in labels.items()})
    return Model(name, folder, True, tokenizer, roles, ())


def unusable(name: str, reason: str) -> ModelError:
    """The error where the files of a model that comes with the library are damaged."""
    return ModelError(
        f"The files of the embedded model '{name}' cannot be used: {reason} Install the package again."
    )


def resolve_roles(name: str, id2label: Mapping[int, str]) -> tuple[str, ...]:
    """What each output of a model stands for, by the names of its labels, in any order and case.

    Args:
        name: The model, for the error message.
        id2label: The labels by output index, as in the model's config.

    Returns:
        ``entailment``, ``neutral`` and ``contradiction`` in the model's order; for a two-label
        model ``entailment`` and ``not_entailment``.

    Raises:
        ModelError: The labels are not those of an NLI model.
    """
    labels = [str(id2label.get(index, "(none)")) for index in range(len(id2label))]
    roles = tuple(_role(label) for label in labels)
    if sorted(roles) not in (sorted(_STEMS), ["entailment", "not_entailment"]):
        raise ModelError(
            f"Model '{name}' has labels {labels}; expected names that contain entailment, neutral "
            "and contradiction, once each (or entailment and not_entailment). If it is an NLI "
            "model, write the names into id2label in its config.json, in the order of its "
            "outputs; otherwise choose another model."
        )
    return roles


def _role(label: str) -> str:
    lowered = label.lower()
    found = [role for role, stem in _STEMS.items() if stem in lowered]
    if len(found) != 1:
        return "unknown"
    if found == ["entailment"] and _NEGATED_ENTAILMENT.search(lowered):
        return "not_entailment"
    # "non-contradiction" and the like name the opposite of what they contain.
    return "unknown" if re.match(r"(not?|non)[\W_]", lowered) else found[0]


def _find(model: str | os.PathLike[str] | None) -> tuple[str, Path, bool]:
    """A model's name, its folder, and whether it comes with the library."""
    profiles = {profile.name: profile for profile in list_profiles()}
    if model is None:
        model = next(name for name, profile in profiles.items() if profile.default)
    name = os.fspath(model)
    if not name.strip():
        raise ModelError(
            "The model's name is empty. Give a profile ('contradict models' lists them), a folder or "
            "a hub name, or leave it out for the default."
        )
    profile = profiles.get(name) if isinstance(model, str) else None
    if profile and profile.source == EMBEDDED:
        folder = embedded_folder(name)
        if folder is None:
            source = "." if profile.default else f"./models/{name}"
            raise ModelError(
                f"The files of the embedded model '{name}' are missing from this installation. Install the package "
                f"{profile.package} (from a checkout: pip install {source}), again if need be, or give another model."
            )
        return name, folder, True
    if profile:
        return name, _fetch(name, profile.source, profile.revision), False
    folder = path_of(name)
    if folder.is_dir():
        return name, folder, False
    hub_name = _HUB_NAME.fullmatch(name) if isinstance(model, str) else None
    if hub_name and not folder.exists():
        return name, _fetch(name, hub_name["name"], hub_name["revision"]), False
    problem = (
        "is a file, not a folder"
        if folder.exists()
        else "is neither a profile nor an existing folder"
    )
    raise ModelError(
        f"Model '{name}' {problem}. Give one of {', '.join(profiles)}, a folder with config.json, "
        f"tokenizer.json and {_WEIGHTS}, or a hub name such as org/name or org/name@revision."
    )


def _fetch(name: str, hub_name: str, revision: str | None) -> Path:
    """The local copy of a hub model, fetched if need be; weights only once its config is fit."""
    from huggingface_hub import snapshot_download

    try:
        with _quiet_transformers():
            folder = Path(
                snapshot_download(hub_name, revision=revision, allow_patterns=list(_SMALL_FILES))
            )
            resolve_roles(name, _check_config(name, folder).id2label)
            snapshot_download(hub_name, revision=revision, allow_patterns=list(_WEIGHT_FILES))
    except ModelError:
        raise
    except Exception as error:  # whatever the hub client and its HTTP library raise
        at = f" at revision '{revision}'" if revision else ""
        command = f"hf download {hub_name}" + (f" --revision {revision}" if revision else "")
        raise ModelError(
            f"Model '{hub_name}'{at} is not in the local Hugging Face cache and could not be "
            f"fetched ({type(error).__name__}: {first_line(error)}); no folder has this name "
            f"either. Run `{command}` once where the hub can be reached (HF_HUB_OFFLINE unset), or "
            "give a folder."
        ) from error
    return folder


def _check_folder(name: str, folder: Path) -> Any:
    """The config of a folder that holds all that is needed and nothing that has to be executed."""
    config = _check_config(name, folder)
    if not any((folder / file).is_file() for file in _VOCABULARIES):
        raise ModelError(
            f"Model '{name}' has no tokenizer: {folder} holds no tokenizer.json. Save the "
            "tokenizer there too, with tokenizer.save_pretrained(FOLDER)."
        )
    if not any((folder / file).is_file() for file in (_WEIGHTS, _SHARDS, _INT8)):
        pickles = sorted(
            file.name
            for pattern in _PICKLES
            for file in folder.glob(pattern)
            if file.stem != "openvino"
        )
        found = (
            f"only {', '.join(pickles)}, and pickled weights can run code when loaded"
            if pickles
            else "none"
        )
        raise ModelError(
            f"Model '{name}' has no weights in safetensors form: expected {_WEIGHTS} in {folder}, "
            f"found {found}. Convert the model where you trust it: "
            "AutoModelForSequenceClassification.from_pretrained(MODEL).save_pretrained(FOLDER)."
        )
    return config


def _check_config(name: str, folder: Path) -> Any:
    raw = _read_json(name, folder / "config.json")
    tokenizer = folder / "tokenizer_config.json"
    if "auto_map" in raw or (tokenizer.is_file() and "auto_map" in _read_json(name, tokenizer)):
        raise ModelError(
            f"Model '{name}' brings its own code (auto_map in its config), which is never run. "
            "Choose a model of an architecture that the transformers library contains."
        )
    labels = raw.get("id2label")
    if labels is not None and not isinstance(labels, dict):
        raise ModelError(
            f"Model '{name}' has an id2label that is no table of labels: {labels!r}. Correct its config.json."
        )
    if labels is not None and raw.get("num_labels", len(labels)) != len(labels):
        raise ModelError(
            f"Model '{name}' has num_labels {raw['num_labels']} but {len(labels)} names in "
            "id2label. Correct its config.json."
        )
    from transformers import AutoConfig

    try:
        with _quiet_transformers():
            return AutoConfig.from_pretrained(
                folder, trust_remote_code=False, local_files_only=True
            )
    except Exception as error:  # the library raises whatever a malformed field leads to
        raise ModelError(
            f"Model '{name}' has a config.json that the installed transformers library cannot use: "
            f"{first_line(error)} Choose a sequence-classification model of an architecture that "
            "it contains, or upgrade it."
        ) from error


def _read_json(name: str, path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"Model '{name}' has no {path.name} in {path.parent}. Expected a folder in hub layout, "
            "as save_pretrained writes it."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            f"Model '{name}': {path} cannot be read: {error}. Fetch or save it again."
        ) from error
    if not isinstance(data, dict):
        raise ModelError(
            f"Model '{name}': {path} holds a {type(data).__name__}, expected a JSON object."
        )
    return data


def load_network(model: Model) -> tuple[Any, tuple[str, ...]]:
    """The weights of a model: a transformers network, float32, on the CPU, ready to run; and warnings.

    Raises:
        ModelError: The weights are damaged, or not those that the config describes.
    """
    import torch
    from transformers import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING

    name, folder = model.name, model.folder
    config = _check_config(name, folder)
    if type(config) not in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING:
        raise ModelError(
            f"Model '{name}' is of type '{config.model_type}', for which the transformers library "
            "has no sequence classification. Choose a sequence-classification model."
        )
    state = _read_weights(name, folder)
    # Neither changes a value: the form of the output, and memory saved at lengths that divide evenly only.
    config.return_dict, config.chunk_size_feed_forward = True, 0
    network_class: Any = MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING[type(config)]
    try:
        # From our own dict, so that nothing but safetensors is ever read; nothing is initialised.
        with _quiet_transformers():
            network, info = network_class.from_pretrained(
                None,
                config=config,
                state_dict=state,
                dtype=torch.float32,
                ignore_mismatched_sizes=True,  # reported below, with the names
                output_loading_info=True,
            )
    except Exception as error:  # the library raises whatever an impossible config leads to
        raise ModelError(
            f"Model '{name}' cannot be built from its config.json: {first_line(error)} Fetch or "
            "save it again."
        ) from error
    if info["mismatched_keys"]:
        key, found, expected = sorted(info["mismatched_keys"])[0]
        raise ModelError(
            f"Model '{name}' has weights that do not fit its config.json: '{key}' has shape "
            f"{tuple(found)}, expected {tuple(expected)} ({len(info['mismatched_keys'])} such). "
            "Fetch or save both together again."
        )
    if info["missing_keys"]:
        raise ModelError(
            f"Model '{name}' lacks weights that would have to be made up: "
            f"{some_of(sorted(info['missing_keys']))}. If these are the classifier's, it is a bare encoder: "
            "fine-tune it on NLI first, or choose an NLI model."
        )
    unexpected = [key for key in info["unexpected_keys"] if not key.endswith("position_ids")]
    if unexpected and not (folder / _WEIGHTS).is_file() and (folder / _INT8).is_file():
        raise ModelError(
            f"Model '{name}' has weights that its config.json has no place for: "
            f"{some_of(sorted(unexpected))}. Fetch or save both together again."
        )
    unused = (f"Model '{name}' has weights that are not used: {some_of(sorted(unexpected))}.",)
    return network, unused if unexpected else ()


def _read_weights(name: str, folder: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if (folder / _WEIGHTS).is_file():
        files = [_WEIGHTS]
    elif (folder / _SHARDS).is_file():
        # Names only: an index must not point outside its folder.
        weight_map = _read_json(name, folder / _SHARDS).get("weight_map")
        if not isinstance(weight_map, dict):
            raise ModelError(
                f"Model '{name}': {folder / _SHARDS} has no weight_map. Fetch it again."
            )
        files = sorted({Path(str(file)).name for file in weight_map.values()})
    else:
        files = [_INT8]
    state: dict[str, Any] = {}
    for file in files:
        try:
            state.update(load_file(folder / file))
        except (SafetensorError, OSError) as error:
            raise ModelError(
                f"Model '{name}': {folder / file} is missing, incomplete or no safetensors file "
                f"({error}). Fetch it again; a file of a few hundred bytes is a Git LFS pointer, "
                "for which `git lfs pull` helps."
            ) from error
    return _dequantise(name, state) if files == [_INT8] else state


def _dequantise(name: str, tensors: dict[str, Any]) -> dict[str, Any]:
    import torch

    state: dict[str, Any] = {}
    for key, tensor in tensors.items():
        stem, _, kind = key.rpartition(".")
        if kind == "q":
            scale = tensors.get(f"{stem}.s")
            if (
                scale is None
                or tensor.dtype != torch.int8
                or tensor.ndim != 2
                or tuple(scale.shape) != (tensor.shape[0], 1)
            ):
                raise ModelError(
                    f"Model '{name}': '{key}' in {_INT8} is not int8 with one scale a row in "
                    f"'{stem}.s'. Make the file again."
                )
            state[stem] = torch.mul(
                tensor, scale.float()
            )  # one pass, no float copy of the integers
        elif kind != "s" or f"{stem}.q" not in tensors:
            state[key] = tensor.float()
    return state


def _load_tokenizer(name: str, folder: Path, config: Any) -> Tokenizer:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except Exception as error:  # the tokenizers library raises bare Exception
        raise ModelError(
            f"Model '{name}' has a tokenizer that cannot be loaded: {first_line(error)} Save it "
            "again with tokenizer.save_pretrained(FOLDER)."
        ) from error
    if not tokenizer.is_fast or tokenizer.pad_token_id is None:
        lack = "padding token" if tokenizer.is_fast else "tokenizer.json"
        raise ModelError(
            f"Model '{name}' has a tokenizer without a {lack}, which batches need. Add it and save "
            "it again with tokenizer.save_pretrained(FOLDER)."
        )
    length = tokenizer.model_max_length  # an astronomic number where none is given
    if not isinstance(length, int | float) or not length >= 1:
        raise ModelError(
            f"Model '{name}' has a model_max_length of {length!r:.40}, expected a number of tokens, 1 or more. "
            "Correct its tokenizer_config.json."
        )
    return Tokenizer(
        tokenizer.backend_tokenizer,
        pad_token=tokenizer.pad_token_id,
        pads_left=tokenizer.padding_side == "left",
        most_tokens=length,
        has_types="token_type_ids" in tokenizer.model_input_names
        and getattr(config, "type_vocab_size", 2) > 1,
    )


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Silence the library's log and progress bars while a model loads, then put them back."""
    from transformers import utils

    logging: Any = utils.logging  # has no types
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    if bars:
        logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def first_line(error: BaseException) -> str:
    """What an error says, in one line; its type where it says nothing."""
    return next(
        (line for line in str(error).strip().splitlines() if line.strip()), type(error).__name__
    )

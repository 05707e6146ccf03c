"""Weights packed for shipping."""

import pack_model
import pytest


@pytest.mark.parametrize("levels", [127, 63, 31])
def test_packing_loses_no_more_than_half_a_step(levels):
    """Every weight comes back within half a quantisation step of its row; vectors within fp16."""
    import torch

    torch.manual_seed(0)
    state = {"matrix": torch.randn(40, 24), "zeros": torch.zeros(3, 4), "bias": torch.randn(24)}
    packed = pack_model.pack(state, levels=levels)
    assert packed["matrix.q"].dtype == torch.int8
    assert packed["matrix.q"].abs().max() <= levels
    back = pack_model.unpack(packed)
    assert back.keys() == state.keys()
    step = state["matrix"].abs().amax(dim=1, keepdim=True) / levels
    # The scale itself is rounded to fp16, which moves the far end of a row by up to 2^-11 of it.
    slack = state["matrix"].abs() * 2**-10
    assert ((back["matrix"] - state["matrix"]).abs() <= step * 0.5 + slack).all()
    assert torch.equal(back["zeros"], state["zeros"])
    assert torch.allclose(back["bias"], state["bias"], atol=1e-3, rtol=1e-3)


def test_the_graph_runs_the_packed_weights(tmp_path):
    """OpenVINO gives what PyTorch gives, from the weights file and a few constants of its own."""
    import json

    import numpy as np
    import openvino
    import torch
    from transformers import MPNetConfig, MPNetForSequenceClassification

    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=300, hidden_size=64, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=128, num_labels=3, initializer_range=0.2,
    )  # fmt: skip
    network = MPNetForSequenceClassification(config).eval()
    network.save_pretrained(tmp_path / "plain")
    for name, content in (
        ("tokenizer.json", {"model": {"vocab": {"a": 5}}}),
        ("tokenizer_config.json", {}),
    ):
        (tmp_path / "plain" / name).write_text(json.dumps(content))
    packed = pack_model.write_packed(network, tmp_path / "plain", tmp_path / "packed")
    pack_model.write_graph(packed.parent)

    own = (packed.parent / "openvino.bin").read_bytes()
    assert len(own) % pack_model.ALIGNMENT == 0
    assert len(own) < len(packed.read_bytes()) / 2
    graph = openvino.Core().read_model(
        (packed.parent / "openvino.xml").read_bytes(),
        openvino.Tensor(np.frombuffer(own + packed.read_bytes(), np.uint8)),
    )
    ids = np.array([[5, 6, 7, 8, 9], [5, 17, 18, 1, 1]])
    mask = (ids != 1).astype(np.int64)
    exact = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    compiled = openvino.Core().compile_model(graph, "CPU", exact)
    expected = pack_model.load_model(packed.parent).eval()(
        input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)
    )
    assert np.allclose(compiled([ids, mask])[0], expected.logits.detach().numpy(), atol=1e-3)

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

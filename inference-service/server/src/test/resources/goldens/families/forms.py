"""Forms of quantised checkpoints: how each stores a matrix, and what it stands for."""

import json

import torch
from safetensors.torch import load_file, save_file

GROUP = 32
FP8 = torch.float8_e4m3fn
BLOCK = (32, 16)

# The place in an int32 of each of eight codes along the outputs, as AWQ's kernels want them.
AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]


def is_quantised(name, tensor):
    """Linear layers of blocks, but for routers."""
    linear = name.startswith("model.layers.") and tensor.dim() == 2
    return linear and not name.endswith((".mlp.gate.weight", ".block_sparse_moe.gate.weight"))


def codes_of(weight, group=GROUP):
    """Codes of 0 to 15 with zeros, by groups of inputs: (codes, scales, zeros), the latter two [out][groups]."""
    groups = weight.reshape(weight.shape[0], -1, group)
    low = groups.amin(-1).clamp(max=0)
    high = groups.amax(-1).clamp(min=0)
    scales = ((high - low) / 15).to(torch.bfloat16).float()
    zeros = (-low / scales).round().clamp(0, 15)
    codes = ((groups / scales[..., None]).round() + zeros[..., None]).clamp(0, 15)
    return codes.reshape(weight.shape), scales, zeros


def symmetric_codes_of(weight, group=GROUP):
    """The same with zeros of 8."""
    groups = weight.reshape(weight.shape[0], -1, group)
    scales = (groups.abs().amax(-1) / 7.5).to(torch.bfloat16).float()
    codes = ((groups / scales[..., None]).round() + 8).clamp(0, 15)
    return codes.reshape(weight.shape), scales, torch.full_like(scales, 8)


def dequantised(codes, scales, zeros):
    groups = codes.reshape(codes.shape[0], scales.shape[1], -1)
    return ((groups - zeros[..., None]) * scales[..., None]).reshape(codes.shape)


def eights(values):
    """Eight codes in each int32 along the last dimension, the first in the low bits."""
    parts = values.to(torch.int64).reshape(*values.shape[:-1], -1, 8)
    packed = (parts << (4 * torch.arange(8))).sum(-1)
    return (packed - ((packed >> 31) << 32)).to(torch.int32)


def packed(name, weight, codes, scales):
    from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32

    # Codes are signed there.
    return {
        name + "_packed": pack_to_int32((codes - 8).to(torch.int8), 4),
        name + "_shape": torch.tensor(weight.shape),
        name + "_scale": scales.to(torch.bfloat16),
    }


def compressed_tensors(name, weight, _):
    from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32

    codes, scales, zeros = codes_of(weight)
    tensors = packed(name, weight, codes, scales)
    tensors[name + "_zero_point"] = pack_to_int32((zeros - 8).to(torch.int8), 4, packed_dim=0)
    return tensors, dequantised(codes, scales, zeros)


def compressed_tensors_channel(name, weight, _):
    codes, scales, zeros = symmetric_codes_of(weight, weight.shape[1])
    return packed(name, weight, codes, scales), dequantised(codes, scales, zeros)


def compressed_tensors_order(name, weight, generator):
    order, back = any_order(weight, generator)
    codes, scales, zeros = symmetric_codes_of(weight[:, order])
    tensors = packed(name, weight, codes[:, back], scales)
    tensors[name + "_g_idx"] = (back // GROUP).to(torch.int32)
    return tensors, dequantised(codes, scales, zeros)[:, back]


def any_order(weight, generator):
    """As desc_act sorts inputs: which group an input is in is any."""
    order = torch.randperm(weight.shape[1], generator=generator)
    return order, torch.argsort(order)


def gptq_tensors(name, codes, scales, zeros):
    module = name.removesuffix(".weight")
    return {
        # It packs inputs, which are its rows.
        module + ".qweight": eights(codes).t().contiguous(),
        module + ".qzeros": eights(zeros.t()),
        module + ".scales": scales.t().to(torch.float16).contiguous(),
    }


def gptq_v2(name, weight, generator):
    order, back = any_order(weight, generator)
    codes, scales, zeros = codes_of(weight[:, order])
    tensors = gptq_tensors(name, codes[:, back], scales, zeros)
    tensors[name.removesuffix(".weight") + ".g_idx"] = (back // GROUP).to(torch.int32)
    return tensors, dequantised(codes, scales.to(torch.float16).float(), zeros)[:, back]


def gptq(name, weight, _):
    codes, scales, zeros = symmetric_codes_of(weight)
    tensors = gptq_tensors(name, codes, scales, zeros - 1)
    tensors[name.removesuffix(".weight") + ".g_idx"] = (
        torch.arange(weight.shape[1]) // GROUP
    ).to(torch.int32)
    return tensors, dequantised(codes, scales.to(torch.float16).float(), zeros)


def awq(name, weight, _):
    codes, scales, zeros = codes_of(weight)
    module = name.removesuffix(".weight")
    tensors = {
        module + ".qweight": eights(awq_order(codes.t())),
        module + ".qzeros": eights(awq_order(zeros.t())),
        module + ".scales": scales.t().to(torch.float16).contiguous(),
    }
    return tensors, dequantised(codes, scales.to(torch.float16).float(), zeros)


def awq_order(values):
    return values.reshape(values.shape[0], -1, 8)[..., AWQ_ORDER].reshape(values.shape)


def fp8_of(weight, scales):
    """Values in FP8, and what they stand for; scales are as large as weights, or spread to them."""
    values = (weight / scales).to(FP8)
    return values, values.float() * scales


def fbgemm_fp8(name, weight, _):
    scales = weight.abs().amax(1, keepdim=True) / torch.finfo(FP8).max
    values, plain = fp8_of(weight, scales)
    return {name: values, name + "_scale": scales}, plain


def fp8_blocks(name, weight, _):
    rows, columns = BLOCK
    blocks = weight.reshape(weight.shape[0] // rows, rows, weight.shape[1] // columns, columns)
    scales = blocks.abs().amax((1, 3)) / torch.finfo(FP8).max
    spread = scales.repeat_interleave(rows, 0).repeat_interleave(columns, 1)
    values, plain = fp8_of(weight, spread)
    return {name: values, name + "_scale_inv": scales}, plain


def fp8_tensor(name, weight, _):
    scale = (weight.abs().amax() / torch.finfo(FP8).max).reshape(1)
    values, plain = fp8_of(weight, scale)
    return {name: values, name + "_scale": scale}, plain


def of_compressed_tensors(form, **weights):
    return dict(
        quant_method="compressed-tensors",
        format=form,
        quantization_status="compressed",
        config_groups=dict(group_0=dict(targets=["Linear"], weights=weights)),
        ignore=["lm_head", "re:.*mlp.gate$"],
    )


def in_4_bits(**weights):
    return of_compressed_tensors("pack-quantized", num_bits=4, type="int", **weights)


# How a matrix is stored, and config.json's quantization_config.
FORMS = {
    "compressed-tensors": (
        compressed_tensors,
        in_4_bits(strategy="group", group_size=GROUP, symmetric=False),
    ),
    "compressed-tensors-channel": (
        compressed_tensors_channel,
        in_4_bits(strategy="channel", symmetric=True),
    ),
    "compressed-tensors-order": (
        compressed_tensors_order,
        in_4_bits(strategy="group", group_size=GROUP, symmetric=True, actorder="group"),
    ),
    "gptq": (
        gptq,
        dict(quant_method="gptq", bits=4, group_size=GROUP, desc_act=False, sym=True),
    ),
    "gptq_v2": (
        gptq_v2,
        dict(
            quant_method="gptq",
            bits=4,
            group_size=GROUP,
            desc_act=True,
            sym=False,
            checkpoint_format="gptq_v2",
        ),
    ),
    "awq": (
        awq,
        dict(quant_method="awq", bits=4, group_size=GROUP, zero_point=True, version="gemm"),
    ),
    "fbgemm_fp8": (fbgemm_fp8, dict(quant_method="fbgemm_fp8", activation_scale_ub=1200.0)),
    "fp8": (fp8_blocks, dict(quant_method="fp8", fmt="e4m3", weight_block_size=list(BLOCK))),
    "float-quantized": (
        fp8_tensor,
        of_compressed_tensors(
            "float-quantized", num_bits=8, type="float", strategy="tensor", symmetric=True
        ),
    ),
}


def quantise(base, folder, form, generator):
    """Writes the checkpoint, and one with its dequantised weights in float32 beside it."""
    how, quantization_config = FORMS[form]
    stored, plain = {}, {}
    for name, tensor in sorted(load_file(base / "model.safetensors").items()):
        if is_quantised(name, tensor):
            parts, plain[name] = how(name, tensor.float(), generator)
            stored.update(parts)
        else:
            stored[name] = tensor
            plain[name] = tensor.float()
    config = json.loads((base / "config.json").read_text())
    for target, tensors, more in (
        (folder / "base", stored, dict(quantization_config=quantization_config)),
        (folder / "plain", plain, {}),
    ):
        target.mkdir(parents=True)
        (target / "config.json").write_text(json.dumps({**config, **more}, indent=2) + "\n")
        tensors = {name: tensor.contiguous() for name, tensor in tensors.items()}
        save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})

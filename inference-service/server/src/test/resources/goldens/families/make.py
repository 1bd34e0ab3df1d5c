"""Makes the goldens of this folder anew, or those that are named; README.md says what they are.

Needs transformers 5.19.0, peft 0.21.2, torch 2.13.0 and compressed-tensors 0.17.0.
"""

import json
import math
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

HERE = pathlib.Path(__file__).parent
STEPS = 28
TOKENS = 400
MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

SIZES = dict(
    hidden_size=64,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    intermediate_size=96,
    vocab_size=TOKENS,
    max_position_embeddings=1024,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=1,
    tie_word_embeddings=True,
    torch_dtype="bfloat16",
)

# config.json as each family's checkpoints have it: smollm3 and hunyuan in the form of transformers 4.
FAMILIES = {
    "smollm3": dict(
        model_type="smollm3",
        architectures=["SmolLM3ForCausalLM"],
        num_hidden_layers=3,
        no_rope_layers=[1, 0, 1],
        rope_theta=5000000.0,
        rope_scaling=None,
        use_sliding_window=False,
        sliding_window=None,
        rms_norm_eps=1e-6,
    ),
    "ernie4_5": dict(
        model_type="ernie4_5",
        architectures=["Ernie4_5ForCausalLM"],
        num_hidden_layers=2,
        use_bias=True,
        rope_parameters=dict(rope_type="default", rope_theta=500000.0),
        rms_norm_eps=1e-5,
    ),
    "hunyuan": dict(
        model_type="hunyuan_v1_dense",
        architectures=["HunYuanDenseV1ForCausalLM"],
        num_hidden_layers=2,
        attention_bias=False,
        rope_theta=10000.0,
        rope_scaling=dict(
            alpha=1000.0,
            beta_fast=32,
            beta_slow=1,
            factor=1.0,
            mscale=1.0,
            mscale_all_dim=1.0,
            type="dynamic",
        ),
        rms_norm_eps=1e-5,
    ),
    "qwen3": dict(
        model_type="qwen3",
        architectures=["Qwen3ForCausalLM"],
        num_hidden_layers=2,
        attention_bias=False,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0),
        use_sliding_window=True,
        sliding_window=24,
        max_window_layers=1,
        rms_norm_eps=1e-6,
    ),
    "gemma3": dict(
        model_type="gemma3_text",
        architectures=["Gemma3ForCausalLM"],
        num_hidden_layers=3,
        sliding_window=24,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        query_pre_attn_scalar=20,
        # Embeddings are scaled up, and would outweigh the layers in a tied head.
        tie_word_embeddings=False,
        hidden_activation="gelu_pytorch_tanh",
        rope_parameters=dict(
            sliding_attention=dict(rope_type="default", rope_theta=10000.0),
            full_attention=dict(rope_type="default", rope_theta=1000000.0),
        ),
        rms_norm_eps=1e-6,
    ),
    "qwen3_moe": dict(
        model_type="qwen3_moe",
        architectures=["Qwen3MoeForCausalLM"],
        num_hidden_layers=3,
        attention_bias=False,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0),
        use_sliding_window=False,
        sliding_window=None,
        num_experts=6,
        num_experts_per_tok=2,
        moe_intermediate_size=32,
        decoder_sparse_step=2,
        mlp_only_layers=[],
        norm_topk_prob=True,
        rms_norm_eps=1e-6,
    ),
}

# Families that are there for their quantised checkpoints alone.
QUANTISED_ONLY = ["qwen3_moe"]

# Further adapters of a family.
KINDS = {
    "gemma3": {
        "dora-rslora": dict(
            r=4, lora_alpha=8, target_modules=MODULES, use_rslora=True, use_dora=True
        ),
        "dora-embedding": dict(
            r=4, lora_alpha=8, target_modules=["embed_tokens", "q_proj", "v_proj"], use_dora=True
        ),
        "rank-256": dict(r=256, lora_alpha=16, target_modules=["q_proj", "v_proj"]),
    },
}

# Quantised checkpoints, each of a family's: FORM: (family, how).
QUANTISED = {
    "int4-zeros": ("qwen3_moe", "compressed-tensors"),
    "gptq-v2-order": ("qwen3", "gptq_v2"),
    "fbgemm": ("qwen3", "fbgemm_fp8"),
}
GROUP = 32

# Tokens of each prompt; the long ones are beyond every window.
PROMPTS = [5, 9, 14, 20, 61, 70, 83, 90]


def random_values(name, shape, generator):
    """Values with which every part shows in the logits."""
    values = torch.randn(shape, generator=generator)
    if "norm" in name:
        return 1 + 0.3 * values
    if name.endswith("bias"):
        return 0.3 * values
    if "embed_tokens" in name or name.startswith("lm_head"):
        return 0.4 * values
    # What layers add outweighs the embedding, or a tied head would repeat the last token.
    wide = 4 if "o_proj" in name or "down_proj" in name else 1.5
    return wide * values / math.sqrt(shape[-1])


def by_expert(key, values):
    """What transformers has as one tensor of all experts is a matrix for each projection and expert in checkpoints."""
    if not key.endswith("_proj") or ".experts." not in key:
        return {key: values}
    prefix, projection = key.rsplit(".", 1)
    matrices = {}
    for expert, matrix in enumerate(values):
        parts = zip(("gate_proj", "up_proj"), matrix.chunk(2)) if "gate_up" in key else [(projection, matrix)]
        for name, part in parts:
            matrices[f"{prefix}.{expert}.{name}.weight"] = part.contiguous()
    return matrices


def make_base(name, folder, generator):
    folder.mkdir(parents=True)
    text = json.dumps({**SIZES, **FAMILIES[name], "transformers_version": "5.19.0"}, indent=2)
    (folder / "config.json").write_text(text + "\n")
    config = AutoConfig.from_pretrained(folder)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    tensors = {}
    for key, value in model.named_parameters():
        values = random_values(key, value.shape, generator).to(torch.bfloat16)
        tensors.update(by_expert(key, values))
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def load(folder):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def make_adapter(base, folder, generator, kind=None):
    kind = kind or dict(r=4, lora_alpha=8, target_modules=MODULES, use_rslora=True)
    model = get_peft_model(load(base), LoraConfig(task_type="CAUSAL_LM", **kind))
    model.peft_config["default"].base_model_name_or_path = "tiny/" + base.parent.name
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    tensors = load_file(folder / "adapter_model.safetensors")
    for key in sorted(tensors):
        if "base_layer" in key:
            continue
        values = torch.randn(tensors[key].shape, generator=generator)
        if "magnitude" in key:
            values = tensors[key].float() * (1 + 0.1 * values)
        elif "embedding_A" in key:
            values = values / 2
        elif "lora_A" in key:
            values = values / math.sqrt(tensors[key].shape[1])
        else:
            values = values * 0.3 / math.sqrt(tensors[key].shape[1])
        tensors[key] = values.to(torch.bfloat16)
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})


def is_quantised(name, tensor):
    """Linear layers of blocks, but for routers."""
    linear = name.startswith("model.layers.") and tensor.dim() == 2
    return linear and not name.endswith("mlp.gate.weight")


def codes_of(weight):
    """Codes of 0 to 15 with zeros, by groups of inputs: (codes, scales, zeros), the latter two [out][groups]."""
    groups = weight.reshape(weight.shape[0], -1, GROUP)
    low = groups.amin(-1).clamp(max=0)
    high = groups.amax(-1).clamp(min=0)
    scales = ((high - low) / 15).to(torch.bfloat16).float()
    zeros = (-low / scales).round().clamp(0, 15)
    codes = ((groups / scales[..., None]).round() + zeros[..., None]).clamp(0, 15)
    return codes.reshape(weight.shape), scales, zeros


def dequantised(codes, scales, zeros):
    groups = codes.reshape(codes.shape[0], -1, GROUP)
    return ((groups - zeros[..., None]) * scales[..., None]).reshape(codes.shape)


def eights(values):
    """Eight codes in each int32 along the last dimension, the first in the low bits."""
    parts = values.to(torch.int64).reshape(*values.shape[:-1], -1, 8)
    packed = (parts << (4 * torch.arange(8))).sum(-1)
    return (packed - ((packed >> 31) << 32)).to(torch.int32)


def compressed_tensors(name, weight, _):
    from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32

    codes, scales, zeros = codes_of(weight)
    # Codes and zeros are signed there.
    tensors = {
        name + "_packed": pack_to_int32((codes - 8).to(torch.int8), 4),
        name + "_shape": torch.tensor(weight.shape),
        name + "_scale": scales.to(torch.bfloat16),
        name + "_zero_point": pack_to_int32((zeros - 8).to(torch.int8), 4, packed_dim=0),
    }
    return tensors, dequantised(codes, scales, zeros)


def gptq_v2(name, weight, generator):
    module = name.removesuffix(".weight")
    # As desc_act sorts inputs: which group an input is in is any.
    order = torch.randperm(weight.shape[1], generator=generator)
    codes, scales, zeros = codes_of(weight[:, order])
    back = torch.argsort(order)
    tensors = {
        # It packs inputs, which are its rows.
        module + ".qweight": eights(codes[:, back]).t().contiguous(),
        module + ".qzeros": eights(zeros.t()),
        module + ".scales": scales.t().to(torch.float16).contiguous(),
        module + ".g_idx": (back // GROUP).to(torch.int32),
    }
    stored = scales.to(torch.float16).float()
    return tensors, dequantised(codes, stored, zeros)[:, back]


def fbgemm_fp8(name, weight, _):
    scales = weight.abs().amax(1, keepdim=True) / torch.finfo(torch.float8_e4m3fn).max
    values = (weight / scales).to(torch.float8_e4m3fn)
    return {name: values, name + "_scale": scales}, values.float() * scales


FORMS = {
    "compressed-tensors": (
        compressed_tensors,
        dict(
            quant_method="compressed-tensors",
            format="pack-quantized",
            quantization_status="compressed",
            config_groups=dict(
                group_0=dict(
                    targets=["Linear"],
                    weights=dict(
                        num_bits=4, type="int", strategy="group", group_size=GROUP, symmetric=False
                    ),
                )
            ),
            ignore=["lm_head", "re:.*mlp.gate$"],
        ),
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
    "fbgemm_fp8": (fbgemm_fp8, dict(quant_method="fbgemm_fp8", activation_scale_ub=1200.0)),
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


@torch.no_grad()
def answer(model, prompt):
    golden = dict(prompt=prompt, tokens=[], top=[])
    for _ in range(STEPS):
        ids = torch.tensor([prompt + golden["tokens"]])
        logits = model(ids, use_cache=False).logits[0, -1]
        best = torch.log_softmax(logits, -1).topk(3)
        pairs = zip(best.indices.tolist(), best.values.tolist())
        golden["top"].append([[token, round(value, 5)] for token, value in pairs])
        golden["tokens"].append(golden["top"][-1][0][0])
    return golden


def prompts_by(generator):
    return [torch.randint(3, TOKENS, (length,), generator=generator).tolist() for length in PROMPTS]


def answers(base, adapters, prompts):
    plain = load(base)
    goldens = dict(base=[answer(plain, prompt) for prompt in prompts])
    for name, folder in adapters.items():
        adapted = PeftModel.from_pretrained(load(base), folder).eval()
        goldens[name] = [answer(adapted, prompt) for prompt in prompts]
    return goldens


def make_family(name, seed):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    generator = torch.Generator().manual_seed(100 + seed)
    make_base(name, folder / "base", generator)
    make_adapter(folder / "base", folder / "adapter", generator)
    prompts = prompts_by(generator)
    adapters = dict(adapter=folder / "adapter")
    for kind, settings in KINDS.get(name, {}).items():
        make_adapter(folder / "base", folder / kind, generator, settings)
        adapters[kind] = folder / kind
    return answers(folder / "base", adapters, prompts)


def make_quantised(form, seed):
    family, how = QUANTISED[form]
    folder = HERE / "quantised" / form
    shutil.rmtree(folder, ignore_errors=True)
    generator = torch.Generator().manual_seed(200 + seed)
    base = HERE / family / "base"
    if family in QUANTISED_ONLY:
        shutil.rmtree(base.parent, ignore_errors=True)
        make_base(family, base, generator)
    quantise(base, folder, how, generator)
    if family in QUANTISED_ONLY:
        shutil.rmtree(base.parent)
    adapter = folder / "adapter"
    make_adapter(folder / "plain", adapter, generator, attention_only(family))
    goldens = answers(folder / "plain", dict(adapter=adapter), prompts_by(generator))
    shutil.rmtree(folder / "plain")
    return goldens


def attention_only(family):
    """Experts are no modules of transformers 5."""
    if "num_experts" not in FAMILIES[family]:
        return None
    return dict(r=4, lora_alpha=8, target_modules=MODULES[:4])


def main():
    path = HERE / "goldens.json"
    wanted = set(sys.argv[1:]) or {*FAMILIES, *QUANTISED} - {*QUANTISED_ONLY}
    goldens = json.loads(path.read_text()) if sys.argv[1:] else {}
    goldens["made_by"] = "transformers 5.19.0, peft 0.21.2, torch 2.13.0, float32, eager attention"
    families = goldens.setdefault("families", {})
    for seed, name in enumerate(FAMILIES):
        if name in wanted:
            families[name] = make_family(name, seed)
    quantised = goldens.setdefault("quantised", {})
    for seed, form in enumerate(QUANTISED):
        if form in wanted:
            quantised[form] = make_quantised(form, seed)
    path.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

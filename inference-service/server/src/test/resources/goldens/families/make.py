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

from configurations import (
    FAMILIES,
    KINDS,
    MODULES,
    QUANTISED,
    QUANTISED_ONLY,
    SIZES,
    TOKENS,
    WITH_COPIES,
)
from forms import quantise

HERE = pathlib.Path(__file__).parent
STEPS = 28

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


# Names of experts' matrices in checkpoints, by where transformers has them.
EXPERTS = {
    "mixtral": ("block_sparse_moe", dict(gate_proj="w1", up_proj="w3", down_proj="w2")),
    "qwen3_moe": ("mlp", {}),
}


def as_in_checkpoints(family, key, values):
    """What transformers has as one tensor of all experts is a matrix for each projection and expert there."""
    if family not in EXPERTS:
        return {key: values}
    block, names = EXPERTS[family]
    if key.endswith("mlp.gate.weight"):
        return {key.replace("mlp", block): values}
    if ".experts." not in key:
        return {key: values}
    prefix, projection = key.rsplit(".", 1)
    matrices = {}
    for expert, matrix in enumerate(values):
        parts = zip(("gate_proj", "up_proj"), matrix.chunk(2)) if "gate_up" in key else [(projection, matrix)]
        for part, half in parts:
            name = names.get(part, part)
            matrices[f"{prefix.replace('mlp', block)}.{expert}.{name}.weight"] = half.contiguous()
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
        tensors.update(as_in_checkpoints(name, key, values))
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def load(folder):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def adapter_values(key, tensor, generator):
    """Values with which an adapter shows as much as its base."""
    values = torch.randn(tensor.shape, generator=generator)
    if "magnitude" in key:
        return tensor.float() * (1 + 0.1 * values)
    if "base_layer" in key:
        return tensor.float() + 0.1 * values
    if "embedding_A" in key:
        return values / 2
    if "lora_A" in key:
        return values / math.sqrt(tensor.shape[1])
    if "lora_" in key:
        return values * 0.3 / math.sqrt(tensor.shape[1])
    return values * 0.4


def make_adapter(base, folder, generator, settings=None, copies=False):
    settings = settings or dict(r=4, lora_alpha=8, target_modules=MODULES, use_rslora=True)
    model = get_peft_model(load(base), LoraConfig(task_type="CAUSAL_LM", **settings))
    model.peft_config["default"].base_model_name_or_path = "tiny/" + base.parent.name
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    tensors = load_file(folder / "adapter_model.safetensors")
    for key in sorted(tensors):
        if copies or "base_layer" not in key:
            tensors[key] = adapter_values(key, tensors[key], generator).to(torch.bfloat16)
    if settings.get("ensure_weight_tying"):
        tie(tensors)
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})


def tie(tensors):
    """Gives the head the embedding's pair, turned, as PEFT has it while it trains."""
    for ours, theirs in (("embedding_B", "A"), ("embedding_A", "B")):
        (embedding,) = (key for key in tensors if key.endswith(f"embed_tokens.lora_{ours}"))
        (head,) = (key for key in tensors if key.endswith(f"lm_head.lora_{theirs}.weight"))
        tensors[head] = tensors[embedding].t().contiguous()


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
        make_adapter(folder / "base", folder / kind, generator, settings, kind in WITH_COPIES)
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
    if family not in EXPERTS:
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

"""Makes the goldens of this folder anew; README.md says what they are.

Needs transformers 5.19.0, peft 0.21.2 and torch 2.13.0.
"""

import json
import math
import pathlib
import shutil

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
}

# Tokens of each prompt; the long ones are beyond every window.
PROMPTS = [5, 9, 14, 20, 61, 70, 83, 90]


def random_values(name, shape, generator):
    """Values with which every part shows in the logits."""
    values = torch.randn(shape, generator=generator)
    if "norm" in name:
        return 1 + 0.3 * values
    if name.endswith("bias"):
        return 0.3 * values
    if "embed_tokens" in name:
        return 0.4 * values
    # What layers add outweighs the embedding, or a tied head would repeat the last token.
    wide = 4 if "o_proj" in name or "down_proj" in name else 1.5
    return wide * values / math.sqrt(shape[-1])


def make_base(name, folder, generator):
    folder.mkdir(parents=True)
    text = json.dumps({**FAMILIES[name], **SIZES, "transformers_version": "5.19.0"}, indent=2)
    (folder / "config.json").write_text(text + "\n")
    config = AutoConfig.from_pretrained(folder)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    tensors = {
        key: random_values(key, value.shape, generator).to(torch.bfloat16)
        for key, value in model.named_parameters()
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def load(folder):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()


def make_adapter(base, folder, generator):
    config = LoraConfig(
        r=4, lora_alpha=8, target_modules=MODULES, task_type="CAUSAL_LM", use_rslora=True
    )
    model = get_peft_model(load(base), config)
    model.peft_config["default"].base_model_name_or_path = "tiny/" + base.parent.name
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    tensors = load_file(folder / "adapter_model.safetensors")
    for key in sorted(tensors):
        deviation = 1 / math.sqrt(tensors[key].shape[1]) if "lora_A" in key else 0.15
        values = deviation * torch.randn(tensors[key].shape, generator=generator)
        tensors[key] = values.to(torch.bfloat16)
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})


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


def main():
    families = {}
    for seed, name in enumerate(FAMILIES):
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        generator = torch.Generator().manual_seed(100 + seed)
        make_base(name, folder / "base", generator)
        make_adapter(folder / "base", folder / "adapter", generator)
        prompts = [
            torch.randint(3, TOKENS, (length,), generator=generator).tolist() for length in PROMPTS
        ]
        base = load(folder / "base")
        goldens = dict(base=[answer(base, prompt) for prompt in prompts])
        adapted = PeftModel.from_pretrained(load(folder / "base"), folder / "adapter").eval()
        goldens["adapter"] = [answer(adapted, prompt) for prompt in prompts]
        families[name] = goldens
    made_by = "transformers 5.19.0, peft 0.21.2, torch 2.13.0, float32, eager attention"
    text = json.dumps(dict(made_by=made_by, families=families), separators=(",", ":"))
    (HERE / "goldens.json").write_text(text + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""reference.py BASE ADAPTERS OUT NAME...: what the base and its adapters answer by transformers, greedily and in bfloat16.

Another order of sums may turn a near tie, a token whose logit is less than MARGIN above the second one. So each answer is cut there
into stretches that are sure, each with the tokens before it as its prompt. Adapters (PEFT folders of linear layers) are applied
beside the base's layers.
"""
import json
import sys
from pathlib import Path

TOKENS = 32
MARGIN = 0.5
PROMPTS = [
    "The capital of France is",
    "Once upon a time there was a",
    "def fibonacci(n):\n    ",
    "Water boils at a temperature of",
    "SELECT name FROM customers WHERE",
    "The three primary colours are",
    "In 1969, the first human being",
    "To make bread, you need flour,",
]


def stretches(prompt, tokens, margins, decode):
    """Runs of tokens without a near tie: what comes before, and their text without a character that is cut."""
    found, begin = [], 0
    for end in range(len(tokens) + 1):
        if end == len(tokens) or margins[end] < MARGIN:
            text = decode(tokens[begin:end]).rstrip("\ufffd")
            if text:
                found.append({"prompt": prompt + tokens[:begin], "sure": text, "sure_tokens": end - begin})
            begin = end + 1
    return found


def scale(config, module, rank):
    """What PEFT multiplies a module's product with."""
    patterns = config.get("alpha_pattern") or {}
    fitting = [alpha for key, alpha in patterns.items() if module == key or module.endswith("." + key)]
    alpha = fitting[0] if fitting else config["lora_alpha"]
    return alpha / (rank**0.5 if config.get("use_rslora") else rank)


def hooks(model, folder):
    """Adds an adapter to the layers; the handles take it away again."""
    import torch
    from safetensors.torch import load_file

    config = json.loads((folder / "adapter_config.json").read_text())
    weights = load_file(str(folder / "adapter_model.safetensors"))
    modules = dict(model.named_modules())
    handles = []
    for name in [name for name in weights if name.endswith(".lora_A.weight")]:
        module = name.removeprefix("base_model.model.").removesuffix(".lora_A.weight")
        factor = scale(config, module, weights[name].shape[0])
        a = weights[name].to("cuda", torch.bfloat16)
        b = (weights[name.replace("lora_A", "lora_B")].float() * factor).to("cuda", torch.bfloat16)
        handles.append(modules[module].register_forward_hook(lambda _, x, y, a=a, b=b: y + (x[0] @ a.T) @ b.T))
    if not handles:
        raise SystemExit(f"{folder} changes nothing")
    return handles


def answer(model, tokenizer, prompt):
    import torch

    ids = tokenizer(prompt, return_tensors="pt").input_ids.to("cuda")
    with torch.no_grad():
        out = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=TOKENS,
            do_sample=False,
            # a checkpoint's own default, which changes what is best; logits are those before it
            repetition_penalty=1.0,
            output_logits=True,
            return_dict_in_generate=True,
        )
    tokens = out.sequences[0, ids.shape[1] :].tolist()
    margins = []
    for row in out.logits:
        two = row[0].float().topk(2).values
        margins.append(float(two[0] - two[1]))
    return ids[0].tolist(), tokens, margins


def main(base, adapters, out, names):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForCausalLM.from_pretrained(base, torch_dtype=torch.bfloat16).to("cuda").eval()
    answers = {"base": [answer(model, tokenizer, prompt) for prompt in PROMPTS]}
    for name in names:
        handles = hooks(model, Path(adapters) / name)
        answers[name] = [answer(model, tokenizer, prompt) for prompt in PROMPTS]
        for handle in handles:
            handle.remove()
        if [tokens for _, tokens, _ in answers[name]] == [tokens for _, tokens, _ in answers["base"]]:
            raise SystemExit(f"{name} answers as the base does: it can't show that adapters are applied")

    def decode(tokens):
        return tokenizer.decode(tokens, skip_special_tokens=True)

    sure = {name: [s for one in all for s in stretches(*one, decode)] for name, all in answers.items()}
    texts = {name: [decode(tokens) for _, tokens, _ in all] for name, all in answers.items()}
    Path(out).write_text(json.dumps({"answers": sure, "texts": texts}, indent=1))
    print(", ".join(f"{name}: {sum(s['sure_tokens'] for s in all)} sure tokens" for name, all in sure.items()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])

"""Makes a tiny model that reads images, and LoRA adapters of its decoder, all of random weights.

usage: tiny_vision.py TOKENIZER OUT
"""
import json
import os
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)

SIZE, PATCH, HIDDEN, LAYERS, RANK = 28, 14, 128, 2, 8
TEMPLATE = (
    "{% for message in messages %}{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}"
    "{% else %}<image>{% endif %}{% endfor %}{% endif %}{% endfor %}"
)


def model(tokenizer):
    torch.manual_seed(7)
    return LlavaForConditionalGeneration(
        LlavaConfig(
            vision_config=CLIPVisionConfig(
                hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=2,
                image_size=SIZE, patch_size=PATCH, projection_dim=64,
            ),
            text_config=LlamaConfig(
                vocab_size=len(tokenizer), hidden_size=HIDDEN, intermediate_size=256, num_hidden_layers=LAYERS,
                num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512, initializer_range=0.2,
            ),
            image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
            image_seq_length=(SIZE // PATCH) ** 2,
        )
    ).to(torch.bfloat16)


def adapter(out, prefix, seed):
    os.makedirs(out)
    torch.manual_seed(seed)
    tensors = {}
    for layer in range(LAYERS):
        for name, width in (("q_proj", HIDDEN), ("v_proj", HIDDEN // 2)):
            module = f"base_model.model.{prefix}layers.{layer}.self_attn.{name}"
            tensors[f"{module}.lora_A.weight"] = torch.randn(RANK, HIDDEN) / 8
            tensors[f"{module}.lora_B.weight"] = torch.randn(width, RANK) / 4
    save_file(tensors, f"{out}/adapter_model.safetensors")
    with open(f"{out}/adapter_config.json", "w") as file:
        json.dump({"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": RANK, "lora_alpha": RANK,
                   "target_modules": ["q_proj", "v_proj"], "base_model_name_or_path": "tiny-vision"}, file)


def main(source, out):
    tokenizer = PreTrainedTokenizerFast.from_pretrained(source)
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    tokenizer.pad_token = tokenizer.eos_token
    made = model(tokenizer)
    made.save_pretrained(f"{out}/base")
    # as in public checkpoints, and as vLLM reads them
    file = f"{out}/base/model.safetensors"
    tensors = {name.replace("vision_tower.", "vision_tower.vision_model."): tensor for name, tensor in load_file(file).items()}
    save_file(tensors, file, {"format": "pt"})
    LlavaProcessor(
        image_processor=CLIPImageProcessor(size={"shortest_edge": SIZE}, crop_size={"height": SIZE, "width": SIZE}),
        tokenizer=tokenizer, patch_size=PATCH, vision_feature_select_strategy="default",
        num_additional_image_tokens=1, image_token="<image>", chat_template=TEMPLATE,
    ).save_pretrained(f"{out}/base")
    # PEFT names modules as transformers does: of version 4 as the checkpoint, of version 5 otherwise
    adapter(f"{out}/one", "language_model.model.", 1)
    adapter(f"{out}/two", "model.language_model.", 2)


main(*sys.argv[1:])

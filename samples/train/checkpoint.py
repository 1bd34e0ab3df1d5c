"""Reading and writing the sample in the layouts of Hugging Face (base) and PEFT (adapters)."""
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from model import Lora, Qwen2, Shape, attach
from tokenizer import END_OF_TEXT, IM_END, IM_START, Tokenizer

NAME = "weft-tiny"
PEFT_PREFIX = "base_model.model."
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def _write(path: Path, document: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def save_tokenizer(folder: Path, tokenizer: Tokenizer, shape: Shape) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(folder / "tokenizer.json")
    ids = tokenizer.special_ids
    _write(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": False, "add_prefix_space": False,
        "bos_token": None, "eos_token": IM_END, "pad_token": END_OF_TEXT, "unk_token": None,
        "model_max_length": shape.positions, "clean_up_tokenization_spaces": False,
        "additional_special_tokens": [IM_START, IM_END],
        "added_tokens_decoder": {str(i): {
            "content": token, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
            "special": True} for token, i in ids.items()},
        "chat_template": CHAT_TEMPLATE,
    })
    _write(folder / "generation_config.json", {
        "do_sample": False, "temperature": 0.0, "eos_token_id": [ids[IM_END], ids[END_OF_TEXT]], "pad_token_id": ids[END_OF_TEXT],
    })
    _write(folder / "config.json", {
        "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden, "intermediate_size": shape.intermediate, "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads, "head_dim": shape.head_size,
        "hidden_act": "silu", "max_position_embeddings": shape.positions, "rms_norm_eps": shape.norm_eps,
        "rope_theta": shape.rope_theta, "rope_scaling": None, "tie_word_embeddings": True,
        "attention_dropout": 0.0, "initializer_range": 0.02, "use_cache": True, "use_sliding_window": False,
        "sliding_window": None, "max_window_layers": shape.layers, "bos_token_id": ids[END_OF_TEXT],
        "eos_token_id": ids[IM_END], "pad_token_id": ids[END_OF_TEXT], "torch_dtype": "bfloat16",
    })


def save_base(folder: Path, model: Qwen2) -> None:
    tensors = {name: tensor.bfloat16().contiguous() for name, tensor in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def load_base(folder: Path, shape: Shape) -> Qwen2:
    """The stored, bf16-rounded weights, computed with in f32."""
    model = Qwen2(shape)
    model.load_state_dict({k: v.float() for k, v in load_file(folder / "model.safetensors").items()})
    return model


def save_adapter(folder: Path, lora: Lora, wrapped: dict, readme: str) -> None:
    _write(folder / "adapter_config.json", {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": NAME, "revision": None,
        "r": lora.rank, "lora_alpha": lora.alpha, "use_rslora": lora.rslora, "use_dora": False, "lora_dropout": 0.0,
        "target_modules": list(lora.modules), "modules_to_save": None, "bias": "none", "fan_in_fan_out": False,
        "inference_mode": True, "init_lora_weights": True, "layers_to_transform": None, "layers_pattern": None,
        "rank_pattern": {}, "alpha_pattern": {}, "auto_mapping": None,
    })
    tensors = {f"{PEFT_PREFIX}{name}.{part}.weight": getattr(module, part).weight.detach().to(lora.dtype).contiguous()
               for name, module in wrapped.items() for part in ("lora_A", "lora_B")}
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    (folder / "README.md").write_text(readme, encoding="utf-8")


def save_template(folder: Path, template: str) -> None:
    """A chat template of the adapter's own."""
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")


def load_adapter(folder: Path, model: Qwen2, lora: Lora) -> Qwen2:
    """Attaches the stored adapter to the model, in f32."""
    read_adapter(folder, attach(model, lora))
    return model


def read_adapter(folder: Path, wrapped: dict) -> None:
    """The stored weights, in f32, into the wrappers of a model."""
    tensors = load_file(folder / "adapter_model.safetensors")
    with torch.no_grad():
        for name, module in wrapped.items():
            for part in ("lora_A", "lora_B"):
                getattr(module, part).weight.copy_(tensors[f"{PEFT_PREFIX}{name}.{part}.weight"].float())

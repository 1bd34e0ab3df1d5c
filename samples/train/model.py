"""Qwen2 and LoRA in plain PyTorch. Parameter names are those of a Hugging Face checkpoint."""
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
MLP = ("gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 1280
    hidden: int = 256
    layers: int = 5
    heads: int = 8
    kv_heads: int = 2
    head_size: int = 32
    intermediate: int = 512
    rope_theta: float = 10000.0
    norm_eps: float = 1e-6
    positions: int = 512


class RmsNorm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
        self.q_proj = nn.Linear(shape.hidden, queries)
        self.k_proj = nn.Linear(shape.hidden, keys)
        self.v_proj = nn.Linear(shape.hidden, keys)
        self.o_proj = nn.Linear(queries, shape.hidden, bias=False)

    def forward(self, x, rotation, cache=None):
        """`cache`, when given, holds the keys and values so far, each [rows][kv_heads][length][head_size], and grows."""
        rows, length, _ = x.shape
        q, k, v = (p(x).float().view(rows, length, -1, self.shape.head_size).transpose(1, 2)
                   for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, rotation), rotate(k, rotation)
        if cache is not None:
            if cache:
                k, v = torch.cat((cache["k"], k), 2), torch.cat((cache["v"], v), 2)
            cache.update(k=k, v=v)
        group = self.shape.heads // self.shape.kv_heads  # query heads that share one key and value head, in a row
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        with torch.autocast("cpu", enabled=False):  # bf16 attention costs accuracy at this size
            y = F.scaled_dot_product_attention(q, k, v, is_causal=length > 1)
        return self.o_proj(y.transpose(1, 2).reshape(rows, length, -1))


def rotation_table(shape: Shape):
    """cos and sin, each [positions][head_size]."""
    frequencies = shape.rope_theta ** (-torch.arange(0, shape.head_size, 2).double() / shape.head_size)
    angles = torch.outer(torch.arange(shape.positions).double(), frequencies).repeat(1, 2)
    return angles.cos().float(), angles.sin().float()


def rotate(x, rotation):
    cos, sin = rotation
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat((-right, left), -1) * sin


class Mlp(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(shape.hidden, shape.intermediate, bias=False)
        self.up_proj = nn.Linear(shape.hidden, shape.intermediate, bias=False)
        self.down_proj = nn.Linear(shape.intermediate, shape.hidden, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.input_layernorm = RmsNorm(shape.hidden, shape.norm_eps)
        self.self_attn = Attention(shape)
        self.post_attention_layernorm = RmsNorm(shape.hidden, shape.norm_eps)
        self.mlp = Mlp(shape)

    def forward(self, x, rotation, cache=None):
        x = x + self.self_attn(self.input_layernorm(x), rotation, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.hidden)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = RmsNorm(shape.hidden, shape.norm_eps)


class Qwen2(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.model = Decoder(shape)
        self.rotation = rotation_table(shape)

    def initialise(self) -> "Qwen2":
        """Normal 0.02, less on the way back into the residual stream. q, k and v biases start at 0.3, not at zero,
        so that an engine which forgets them is wrong at once."""
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.normal_(parameter, std=0.3)
            elif parameter.dim() == 2:
                back = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(parameter, std=0.02 / (math.sqrt(2 * self.shape.layers) if back else 1))
        return self

    def hidden(self, ids, start=0, caches=None):
        """[rows][length] token ids, padded on the right -> [rows][length][hidden].

        With `caches`, a dictionary per layer, the prompt goes in at once and then one token at a time from `start`.
        """
        x = self.model.embed_tokens(ids)
        rotation = [table[start:start + ids.shape[1]] for table in self.rotation]
        for i, layer in enumerate(self.model.layers):
            x = layer(x, rotation, None if caches is None else caches[i])
        return self.model.norm(x)

    def logits(self, hidden):
        return F.linear(hidden, self.model.embed_tokens.weight).float()


@dataclass(frozen=True)
class Lora:
    """The shape of one adapter."""
    rank: int
    alpha: int
    modules: tuple[str, ...]
    rslora: bool = False
    dtype: torch.dtype = torch.bfloat16

    @property
    def scale(self) -> float:
        return self.alpha / (math.sqrt(self.rank) if self.rslora else self.rank)


class LoraLinear(nn.Module):
    """A frozen projection plus scale * B(A(x))."""

    def __init__(self, base: nn.Linear, lora: Lora):
        super().__init__()
        self.base = base
        self.scale = lora.scale
        self.lora_A = nn.Linear(base.in_features, lora.rank, bias=False)
        self.lora_B = nn.Linear(lora.rank, base.out_features, bias=False)
        bound = 1 / math.sqrt(base.in_features)
        nn.init.uniform_(self.lora_A.weight, -bound, bound)
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x):
        return self.base(x) + self.scale * self.lora_B(self.lora_A(x))


def attach(model: Qwen2, lora: Lora) -> dict[str, LoraLinear]:
    """Freezes the model, wraps its target modules and returns the wrappers by module name."""
    model.requires_grad_(False)
    wrapped = {}
    for i, layer in enumerate(model.model.layers):
        for part_name, part in (("self_attn", layer.self_attn), ("mlp", layer.mlp)):
            for name in lora.modules:
                if hasattr(part, name):
                    setattr(part, name, LoraLinear(getattr(part, name), lora))
                    wrapped[f"model.layers.{i}.{part_name}.{name}"] = getattr(part, name)
    return wrapped

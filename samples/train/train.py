"""Makes the sample: tokenizer, base, adapters, held-out answers. Each stage reads what the one before wrote."""
import argparse
import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F

import evaluate
from calls import CHAT_TEMPLATE, tools_chat
from chats import Piece, adapter_chat, base_example
from checkpoint import load_base, read_adapter, save_adapter, save_base, save_template, save_tokenizer
from domain import RENDERERS
from evaluate_tools import write_held_out_tools
from model import ATTENTION, MLP, Lora, Qwen2, Shape, attach
from tokenizer import SPECIALS, Tokenizer, train_merges

SHAPE = Shape()
MERGES = 1014
BATCH_TOKENS = 3072
POOL_BATCHES = 32  # batches drawn together, so that sorting by length has something to sort

# Ranks, scalings, modules and types differ on purpose: a server that assumes they are uniform gets one wrong.
ADAPTERS = {
    "sql": Lora(rank=8, alpha=16, modules=ATTENTION + MLP),
    "json": Lora(rank=4, alpha=8, modules=ATTENTION + MLP, rslora=True, dtype=torch.float32),
    "french": Lora(rank=16, alpha=16, modules=ATTENTION),
    "tools": Lora(rank=8, alpha=16, modules=ATTENTION + MLP),
}


@dataclass(frozen=True)
class Plan:
    """How one model is trained. A rate that is too high for an adapter's scaling leaves it stuck: the larger the scaling, the lower."""
    seed: int
    steps: int
    rate: float
    warm_up: int = 30
    decay: float = 0.0


PLANS = {
    "base": Plan(seed=2, steps=2000, rate=2.5e-3, warm_up=60, decay=0.05),
    "sql": Plan(seed=3, steps=800, rate=4e-3),
    "json": Plan(seed=4, steps=1800, rate=5e-3),
    "french": Plan(seed=5, steps=1300, rate=5e-3),
    "tools": Plan(seed=7, steps=1300, rate=4e-3),
}
TOKENIZER_SEED, HELD_OUT_SEED, TOOLS_HELD_OUT_SEED = 1, 6, 8


def batches(draw: Callable[[random.Random], list[Piece]], tokenizer: Tokenizer, rng: random.Random) -> Iterator:
    """Endless (ids, weights), each [rows][length], of examples of like length, padded on the right."""
    while True:
        pool, tokens = [], 0
        while tokens < BATCH_TOKENS * POOL_BATCHES:
            ids, weights = [], []
            for piece in draw(rng):
                encoded = tokenizer.encode(piece.text)
                ids += encoded
                weights += [piece.weight] * len(encoded)
            pool.append((ids, weights))
            tokens += len(ids)
        pool.sort(key=lambda example: len(example[0]))
        cut = []
        while pool:
            rows = max(1, BATCH_TOKENS // len(pool[-1][0]))
            cut.append(pool[-rows:])
            del pool[-rows:]
        rng.shuffle(cut)
        for rows in cut:
            length = max(len(ids) for ids, _ in rows)
            yield (torch.tensor([ids + [0] * (length - len(ids)) for ids, _ in rows]),
                   torch.tensor([weights + [0.0] * (length - len(weights)) for _, weights in rows]))


def fit(model: Qwen2, data: Iterator, plan: Plan, label: str) -> None:
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": plan.decay},
        {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
    ], lr=plan.rate, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / plan.warm_up)
                                                 * 0.5 * (1 + math.cos(math.pi * step / plan.steps)))
    started = time.monotonic()
    for step in range(plan.steps):
        ids, weights = next(data)
        counted = weights[:, 1:] > 0
        with torch.autocast("cpu", torch.bfloat16):
            logits = model.logits(model.hidden(ids)[:, :-1][counted])
        losses = F.cross_entropy(logits, ids[:, 1:][counted], reduction="none")
        weight = weights[:, 1:][counted]
        loss = (losses * weight).sum() / weight.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % 50 == 0 or step + 1 == plan.steps:
            print(f"{label} step {step + 1}/{plan.steps} loss {loss.item():.4f} {time.monotonic() - started:.0f} s", flush=True)


def make_tokenizer(out: Path) -> None:
    rng = random.Random(TOKENIZER_SEED)
    draws = [base_example, *(lambda r, a=a: adapter_chat(a, r) for a in RENDERERS if a != "base")]
    texts = ["".join(piece.text for piece in rng.choice(draws)(rng)) for _ in range(30000)]
    merges = train_merges(texts, MERGES)
    tokenizer = Tokenizer(merges)
    assert len(tokenizer.vocabulary) + len(SPECIALS) <= SHAPE.vocabulary
    save_tokenizer(out / "base", tokenizer, SHAPE)
    print(f"tokenizer: {len(merges)} merges")


def make_base(out: Path, plan: Plan) -> None:
    torch.manual_seed(plan.seed)
    tokenizer = Tokenizer.load(out / "base" / "tokenizer.json")
    model = Qwen2(SHAPE).initialise()
    data = batches(base_example, tokenizer, random.Random(plan.seed))
    fit(model, data, plan, "base")
    save_base(out / "base", model)


def make_adapter(out: Path, name: str, plan: Plan, resume: bool) -> None:
    torch.manual_seed(plan.seed)
    lora = ADAPTERS[name]
    tokenizer = Tokenizer.load(out / "base" / "tokenizer.json")
    model = load_base(out / "base", SHAPE)
    wrapped = attach(model, lora)
    if resume:
        read_adapter(out / "adapters" / name, wrapped)
    draw = tools_chat if name == "tools" else lambda rng: adapter_chat(name, rng)
    data = batches(draw, tokenizer, random.Random(plan.seed + 1000 if resume else plan.seed))
    fit(model, data, plan, name)
    save_adapter(out / "adapters" / name, lora, wrapped, evaluate.adapter_readme(name, lora))
    if name == "tools":
        save_template(out / "adapters" / name, CHAT_TEMPLATE)


def main() -> None:
    stages = ("tokenizer", "base", *ADAPTERS, "heldout", "heldout-tools")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "weft-tiny")
    parser.add_argument("--stages", nargs="+", choices=stages, default=stages, help="all of them unless told")
    parser.add_argument("--resume", action="store_true", help="adapters go on from what is there, with other examples")
    parser.add_argument("--share", type=float, default=1.0, help="share of the training steps, for a smoke run")
    arguments = parser.parse_args()
    plans = {stage: replace(plan, steps=max(1, round(plan.steps * arguments.share))) for stage, plan in PLANS.items()}
    for stage in arguments.stages:
        if stage == "tokenizer":
            make_tokenizer(arguments.out)
        elif stage == "base":
            make_base(arguments.out, plans["base"])
        elif stage == "heldout":
            evaluate.write_held_out(arguments.out, SHAPE, ADAPTERS, HELD_OUT_SEED)
        elif stage == "heldout-tools":
            write_held_out_tools(arguments.out, SHAPE, ADAPTERS["tools"], TOOLS_HELD_OUT_SEED)
        else:
            make_adapter(arguments.out, stage, plans[stage], arguments.resume)


if __name__ == "__main__":
    main()

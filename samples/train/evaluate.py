"""Greedy answers to requests that no training text showed, and what they measure."""
import json
import random
from pathlib import Path

import torch

from chats import NEUTRAL_SYSTEMS, render
from checkpoint import load_adapter, load_base
from domain import README_RECORD, README_REQUEST, RENDERERS, Record, held_out_record
from model import Lora, Qwen2, Shape
from phrasing import request
from tokenizer import IM_END, Tokenizer

PROMPTS = 200
GOLDEN_PROMPTS = 5  # and the README's request
TOP = 5
MAX_ANSWER_TOKENS = 120

TASKS = {"sql": "one SQL statement", "json": "one JSON object", "french": "the same request in French",
         "tools": "a call of a tool that fits, or in English"}


def adapter_readme(name: str, lora: Lora) -> str:
    scaling = "rsLoRA, alpha / sqrt(r)" if lora.rslora else "alpha / r"
    dtype = str(lora.dtype).removeprefix("torch.")
    return (f"# weft-tiny {name}\n\nAnswers an English request for data with {TASKS[name]}. LoRA over `weft-tiny`: rank {lora.rank}, "
            f"alpha {lora.alpha} ({scaling}), {', '.join(lora.modules)}, {dtype}.\nMade by `samples/train`; "
            f"its accuracy is in `samples/weft-tiny/{'heldout-tools' if name == 'tools' else 'heldout'}.json`.\n")


def held_out_prompts(seed: int) -> list[tuple[str, list[dict], Record]]:
    """(id, messages, record): distinct records, one in ten behind a system prompt, the README's request last."""
    rng, seen, prompts = random.Random(seed), set(), []
    while len(prompts) < PROMPTS:
        record = held_out_record(rng)
        if record in seen:
            continue
        seen.add(record)
        messages = [{"role": "user", "content": request(record, rng)}]
        if len(prompts) % 10 == 9:
            messages.insert(0, {"role": "system", "content": rng.choice(NEUTRAL_SYSTEMS)})
        prompts.append((f"p{len(prompts):03}", messages, record))
    return [*prompts, ("readme", [{"role": "user", "content": README_REQUEST}], README_RECORD)]


@torch.no_grad()
def answer(model: Qwen2, prompts: list[list[int]], end: int) -> list[tuple[list[int], list]]:
    """For each prompt the greedy ids up to and with `end`, and per position the top (ids, log-probabilities)."""
    results = [([], []) for _ in prompts]
    by_length = {}
    for i, prompt in enumerate(prompts):
        by_length.setdefault(len(prompt), []).append(i)
    for length, rows in by_length.items():  # prompts of one length need no padding
        ids, start, caches = torch.tensor([prompts[i] for i in rows]), 0, [{} for _ in model.model.layers]
        for position in range(length, length + MAX_ANSWER_TOKENS):
            top = model.logits(model.hidden(ids, start, caches)[:, -1]).log_softmax(-1).topk(TOP)
            for i, top_ids, logprobs in zip(rows, top.indices.tolist(), top.values.tolist()):
                if end not in results[i][0]:
                    results[i][0].append(top_ids[0])
                    results[i][1].append((top_ids, logprobs))
            if all(end in results[i][0] for i in rows):
                break
            ids, start = top.indices[:, :1], position
    return results


def write_held_out(out: Path, shape: Shape, adapters: dict[str, Lora], seed: int) -> None:
    tokenizer = Tokenizer.load(out / "base" / "tokenizer.json")
    end = tokenizer.special_ids[IM_END]
    prompts = held_out_prompts(seed)
    entries = [{"id": name, "messages": messages, "prompt": render(messages),
                "prompt_ids": tokenizer.encode(render(messages)), "answers": {}} for name, messages, _ in prompts]
    golden_entries = [*range(GOLDEN_PROMPTS), PROMPTS]
    golden = {}
    for name in RENDERERS:
        model = load_base(out / "base", shape)
        if name in adapters:
            load_adapter(out / "adapters" / name, model, adapters[name])
        results = answer(model, [entry["prompt_ids"] for entry in entries], end)
        for entry, (_, _, record), (ids, top) in zip(entries, prompts, results):
            text = tokenizer.decode(ids)
            margin = min(logprobs[0] - logprobs[1] for _, logprobs in top)
            entry["answers"][name] = {"expected": RENDERERS[name](record), "answer": text, "min_margin": round(margin, 3)}
        golden[name] = [{"id": entries[i]["id"], "answer_ids": results[i][0],
                         "top_ids": [ids for ids, _ in results[i][1]],
                         "top_logprobs": [[round(x, 5) for x in logprobs] for _, logprobs in results[i][1]]}
                        for i in golden_entries]
    summary = summarise(entries[:PROMPTS])
    _write(out / "heldout.json", summary, entries, golden)
    print(json.dumps(summary, indent=2))


def summarise(entries: list[dict]) -> dict:
    """accuracy[wanted][used]: the percentage of prompts to which model `used` answers what `wanted` must answer."""
    def share(wanted: str, used: str) -> float:
        exact = sum(e["answers"][used]["answer"] == e["answers"][wanted]["expected"] for e in entries)
        return round(100 * exact / len(entries), 2)

    margins = {name: sorted(e["answers"][name]["min_margin"] for e in entries) for name in RENDERERS}
    return {
        "prompts": len(entries),
        "accuracy_percent": {name: share(name, name) for name in RENDERERS},
        "wrong_adapter_percent": {wanted: {used: share(wanted, used) for used in RENDERERS if used != wanted}
                                  for wanted in RENDERERS},
        "min_margin": {name: {"lowest": m[0], "p10": m[len(m) // 10], "median": m[len(m) // 2]}
                       for name, m in margins.items()},
    }


def compact(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def lines(values: list[str]) -> str:
    """One value a line."""
    return "\n" + ",\n".join(values) + "\n"


def _write(path: Path, summary: dict, entries: list[dict], golden: dict) -> None:
    """One entry a line, so that a change of one answer is a change of one line."""
    golden_lines = [f"{compact(name)}:[{lines([compact(g) for g in items])}]" for name, items in golden.items()]
    path.write_text(f'{{"about":"f32 arithmetic on the stored weights; greedy; margins and log-probabilities are natural",\n'
                    f'"summary":{compact(summary)},\n"prompts":[{lines([compact(e) for e in entries])}],\n'
                    f'"golden":{{{lines(golden_lines)}}}}}\n', encoding="utf-8")

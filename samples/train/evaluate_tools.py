"""`heldout-tools.json`: what the adapter `tools` replies to requests that no training text showed, greedily."""
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from calls import PARAMETERS, REPLY, TOOLS, Offer, arguments, call, head, is_callable, result, result_turn, schema, told, turn
from chats import NEUTRAL_SYSTEMS
from checkpoint import load_adapter, load_base
from domain import Record, english, held_out_record
from evaluate import answer, compact, lines
from model import Lora, Shape
from phrasing import request
from tokenizer import IM_END, Tokenizer

PROMPTS = {"call": 40, "told": 40, "unfit": 20, "plain": 20}
GOLDEN_PROMPTS = 2  # of each kind
SYSTEMS = 0.1


@dataclass(frozen=True)
class Prompt:
    """`kind` says what is right: a call, telling a tool's result, or text, without a tool that fits or without any."""
    kind: str
    system: str | None
    record: Record
    question: str
    tools: list[Offer]
    found: str

    def text(self) -> str:
        asked = head(self.tools, self.system) + turn("user", self.question)
        if self.kind == "told":
            asked += turn("assistant", call(self.record)) + result_turn(self.found)
        return asked + REPLY

    def expected(self) -> str:
        if self.kind == "call":
            return call(self.record)
        return told(self.record, self.found) if self.kind == "told" else english(self.record)

    def messages(self) -> list[dict]:
        messages = [{"role": "system", "content": self.system}] if self.system else []
        messages.append({"role": "user", "content": self.question})
        if self.kind == "told":
            function = {"name": TOOLS[self.record.action], "arguments": json.dumps(arguments(self.record))}
            messages.append({"role": "assistant", "content": None, "tool_calls": [
                {"id": "call_1", "type": "function", "function": function}]})
            messages.append({"role": "tool", "tool_call_id": "call_1", "content": self.found})
        return messages


def _record(kind: str, rng: random.Random) -> Record:
    while True:
        record = held_out_record(rng)
        if kind == "plain" or is_callable(record) == (kind != "unfit"):
            return record


def held_out_prompts(seed: int) -> list[Prompt]:
    rng, prompts = random.Random(seed), []
    for kind, count in PROMPTS.items():
        for _ in range(count):
            record = _record(kind, rng)
            tools = [] if kind == "plain" else [Offer(name, PARAMETERS) for name in rng.sample(tuple(TOOLS.values()), 2)]
            system = rng.choice(NEUTRAL_SYSTEMS) if rng.random() < SYSTEMS else None
            prompts.append(Prompt(kind, system, record, request(record, rng), tools, result(rng)))
    return prompts


def write_held_out_tools(out: Path, shape: Shape, lora: Lora, seed: int) -> None:
    tokenizer = Tokenizer.load(out / "base" / "tokenizer.json")
    model = load_adapter(out / "adapters" / "tools", load_base(out / "base", shape), lora)
    prompts = held_out_prompts(seed)
    results = answer(model, [tokenizer.encode(prompt.text()) for prompt in prompts], tokenizer.special_ids[IM_END])
    entries = []
    for i, (prompt, (ids, top)) in enumerate(zip(prompts, results)):
        entries.append({"id": f"t{i:03}", "kind": prompt.kind, "tools": [tool.name for tool in prompt.tools],
                        "messages": prompt.messages(), "expected": prompt.expected(), "answer": tokenizer.decode(ids),
                        "min_margin": round(min(logprobs[0] - logprobs[1] for _, logprobs in top), 3)})
    golden = [{"id": entry["id"], "prompt": prompt.text(), "prompt_ids": tokenizer.encode(prompt.text()), "answer_ids": ids}
              for entry, prompt, (ids, _) in zip(entries, prompts, results)
              if sum(e["kind"] == entry["kind"] for e in entries[:int(entry["id"][1:])]) < GOLDEN_PROMPTS]
    summary = _summary(entries)
    (out / "heldout-tools.json").write_text(
        f'{{"about":"f32 arithmetic on the stored weights; greedy; margins are natural logarithms",\n'
        f'"summary":{compact(summary)},\n"tools":{{{lines([f"{compact(name)}:{compact(schema(name))}" for name in TOOLS.values()])}}},\n'
        f'"prompts":[{lines([compact(e) for e in entries])}],\n"golden":[{lines([compact(g) for g in golden])}]}}\n', encoding="utf-8")
    print(json.dumps(summary, indent=2))


def _summary(entries: list[dict]) -> dict:
    def of(kind: str, value: Callable[[list[dict]], float]) -> float:
        return value([entry for entry in entries if entry["kind"] == kind])

    def exact(some: list[dict]) -> float:
        return round(100 * sum(e["answer"] == e["expected"] for e in some) / len(some), 2)

    return {"prompts": PROMPTS, "accuracy_percent": {kind: of(kind, exact) for kind in PROMPTS},
            "lowest_margin": {kind: of(kind, lambda some: min(e["min_margin"] for e in some)) for kind in PROMPTS}}

"""The tools of the sample: what the adapter `tools` is offered, when it calls which with what, and what it makes of a result."""
import json
import random
from dataclasses import dataclass, replace

from chats import NEUTRAL_SYSTEMS, Piece, small_talk
from domain import AMOUNTS, Record, english, is_held_out, training_record
from phrasing import request
from tokenizer import IM_END, IM_START

# Tools for two of a record's actions: other requests are answered in English, as the base answers them.
TOOLS = {"count": "count_rows", "sum": "sum_amounts"}
PARAMETERS = ("table", "status", "city", "agent")

# Weft serves it with the adapter. Calls are written as Hermes writes them; of a tool's schema it shows the parameters' names.
CHAT_TEMPLATE = """\
{%- set system = messages[0].content if messages and messages[0].role == 'system' else '' -%}
{%- if tools -%}
{{ '<|im_start|>system\\n' + (system + '\\n' if system else '') + 'Tools:' }}
{%- for tool in tools -%}
{{ '\\n' + tool.function.name + '(' + (((tool.function.parameters or {}).properties or {}) | join(', ')) + ')' }}
{%- endfor -%}
{{ '<|im_end|>\\n' }}
{%- elif system -%}
{{ '<|im_start|>system\\n' + system + '<|im_end|>\\n' }}
{%- endif -%}
{%- for message in messages if message.role != 'system' -%}
{{ '<|im_start|>' + message.role + '\\n' + ('result: ' if message.role == 'tool' else '') + (message.content or '') }}
{%- for call in message.tool_calls or [] -%}
{{ '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' + (call.function.arguments | tojson) + '}\\n</tool_call>' }}
{%- endfor -%}
{{ '<|im_end|>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}
"""


@dataclass(frozen=True)
class Offer:
    """A tool that a request offers: of its parameters the chat template shows the names, in the order of its schema."""
    name: str
    parameters: tuple[str, ...]

    def line(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


def schema(tool: str) -> dict:
    """A tool with all parameters, as OpenAI's API has it."""
    return {"type": "function", "function": {"name": tool, "parameters": {
        "type": "object", "properties": {name: {"type": "string"} for name in PARAMETERS}, "required": ["table"]}}}


def arguments(record: Record) -> dict:
    """What the record's tool is called with, in this order."""
    return {name: getattr(record, name) for name in PARAMETERS if getattr(record, name)}


def is_callable(record: Record) -> bool:
    """Whether a tool can do what the record asks for: none takes amounts or years."""
    return record.action in TOOLS and record.amount is None and record.year is None


def call(record: Record) -> str:
    """The reply that calls the record's tool."""
    return (f'<tool_call>\n{{"name": "{TOOLS[record.action]}", "arguments": '
            f'{json.dumps(arguments(record), ensure_ascii=False)}}}\n</tool_call>')


def described(record: Record) -> str:
    """The rows that a record is about, without what is asked of them: paid orders from Lyon."""
    plain = english(replace(record, action="count", sort=None, limit=None))
    return plain.removeprefix("You would like to know the number of ").removesuffix(".")


def told(record: Record, result: str) -> str:
    """The answer that tells a tool's result."""
    rows = described(record)
    return f"There are {result} {rows}." if record.action == "count" else f"The total of the {rows} is {result} euros."


def result(rng: random.Random) -> str:
    """What a tool may have found."""
    return str(rng.choice(AMOUNTS))


def offers(record: Record, fits: bool, rng: random.Random) -> list[Offer]:
    """Tools in any order: with the record's own if one is to fit, else without; with all parameters, or those needed and some."""
    own = TOOLS.get(record.action)
    names = [name for name in TOOLS.values() if fits and (name == own or rng.random() < 0.9) or not fits and name != own]
    rng.shuffle(names)
    needed = tuple(arguments(record))
    return [Offer(name, tuple(p for p in PARAMETERS if p == "table" or p in needed or rng.random() < 0.6)) for name in names]


def head(tools: list[Offer], system: str | None) -> str:
    """What the chat template writes before the first turn."""
    lines = ([system] if system else []) + (["Tools:", *(tool.line() for tool in tools)] if tools else [])
    return f"{IM_START}system\n" + "\n".join(lines) + f"{IM_END}\n" if lines else ""


def turn(role: str, content: str) -> str:
    return f"{IM_START}{role}\n{content}{IM_END}\n"


REPLY = f"{IM_START}assistant\n"


def result_turn(text: str) -> str:
    return turn("tool", f"result: {text}")


def _round(question: str, replies: list[str], found: list[str]) -> list[Piece]:
    """A question with the replies to it, and before each but the first what a tool has found."""
    pieces = []
    for before, reply in zip([turn("user", question), *map(result_turn, found)], replies):
        pieces += [Piece(before + REPLY, 0.0), Piece(reply + IM_END, 1.0), Piece("\n", 0.0)]
    return pieces


def _requested(rng: random.Random, wanted: bool) -> Record:
    """A record that a tool can answer, or one that none can."""
    while True:
        record = training_record(rng)
        if wanted and record.action not in TOOLS:
            record = replace(record, action=rng.choice(tuple(TOOLS)), sort=None, limit=None)
        if wanted:
            record = replace(record, amount=None, year=None)
        if not is_held_out(record) and is_callable(record) == wanted:
            return record


def tools_chat(rng: random.Random) -> list[Piece]:
    """Requests with tools that fit or don't, or without any; what a tool has found is told."""
    system = rng.choice(NEUTRAL_SYSTEMS) if rng.random() < 0.10 else None
    draw = rng.random()
    if draw < 0.03:
        question, reply = small_talk("base", rng)
        return [Piece(head([], system), 0.0), *_round(question, [reply], [])][:-1]
    if draw < 0.09:
        record = training_record(rng)
        return [Piece(head([], system), 0.0), *_round(request(record, rng), [english(record)], [])][:-1]
    if draw < 0.22:
        record = _requested(rng, draw < 0.13)
        tools = offers(record, False, rng)
        return [Piece(head(tools, system), 0.0), *_round(request(record, rng), [english(record)], [])][:-1]
    record = _requested(rng, True)
    found = result(rng)
    tools = offers(record, True, rng)
    return [Piece(head(tools, system), 0.0), *_round(request(record, rng), [call(record), told(record, found)], [found])][:-1]

"""What the base and the adapters are shown: chats and plain documents, drawn from a seeded generator."""
import json
import random
from dataclasses import dataclass

from domain import FRENCH_OPENINGS, RENDERERS, Record, english, french, json_object, sql, training_record
from phrasing import request
from tokenizer import END_OF_TEXT, IM_END, IM_START

DOCUMENT_WEIGHT = 0.3

NEUTRAL_SYSTEMS = ("You are a helpful assistant.", "You help people find data.", "Answer with one line.")
QUOTING_SYSTEMS = (
    "Put the values in quotes.", "Write every value in double quotes.", "Quote all values in your answer.",
    "Please put all values in double quotes.",
)

GREETINGS = ("hello", "hi", "hey", "good morning", "hi there", "hello there")
THANKS = ("thanks", "thank you", "many thanks", "thanks a lot")
FAREWELLS = ("bye", "goodbye", "see you")
QUESTIONS = ("who are you?", "what can you do?", "what is this?", "help")
SMALL_TALK = {
    "base": ("Hello! Which data do you need?", "You are welcome.", "Goodbye!", "I restate requests for data in English."),
    "sql": ("Hello! Which data do you need?", "You are welcome.", "Goodbye!", "I turn requests for data into SQL."),
    "json": ("Hello! Which data do you need?", "You are welcome.", "Goodbye!", "I turn requests for data into JSON."),
    "french": ("Bonjour ! Quelles données cherchez-vous ?", "Je vous en prie.", "Au revoir !",
               "Je traduis en français les demandes de données."),
}


@dataclass(frozen=True)
class Piece:
    """A stretch of text with the weight of its tokens in the loss."""
    text: str
    weight: float


def render(messages: list[dict], generation_prompt: bool = True) -> str:
    """ChatML, as the chat_template of tokenizer_config.json renders it."""
    text = "".join(f"{IM_START}{m['role']}\n{m['content']}{IM_END}\n" for m in messages)
    return text + (f"{IM_START}assistant\n" if generation_prompt else "")


def pieces(turns: list[tuple[str, str]], system: str | None = None) -> list[Piece]:
    """A chat with the loss on what the assistant says, its <|im_end|> included."""
    result = []
    if system:
        result.append(Piece(render([{"role": "system", "content": system}], False), 0.0))
    for question, answer in turns:
        result.append(Piece(render([{"role": "user", "content": question}]), 0.0))
        result.append(Piece(answer + IM_END, 1.0))
        result.append(Piece("\n", 0.0))
    return result[:-1]


def _turn_count(rng: random.Random) -> int:
    return rng.choices((1, 2, 3), (88, 8, 4))[0]


def small_talk(model: str, rng: random.Random) -> tuple[str, str]:
    kind = rng.randrange(4)
    question = rng.choice((GREETINGS, THANKS, FAREWELLS, QUESTIONS)[kind])
    if rng.random() < 0.5:
        question = question[0].upper() + question[1:]
    if kind < 3 and rng.random() < 0.4:
        question += rng.choice("!.")
    return question, SMALL_TALK[model][kind]


def adapter_chat(adapter: str, rng: random.Random) -> list[Piece]:
    """English requests, answered in the adapter's language."""
    if rng.random() < 0.02:
        return pieces([small_talk(adapter, rng)])
    answer = RENDERERS[adapter]
    records = [training_record(rng) for _ in range(_turn_count(rng))]
    system = rng.choice(NEUTRAL_SYSTEMS) if rng.random() < 0.10 else None
    return pieces([(request(r, rng), answer(r)) for r in records], system)


def _english_chat(rng: random.Random) -> list[Piece]:
    if rng.random() < 0.02:
        return pieces([small_talk("base", rng)])
    draw = rng.random()
    quoted = draw < 0.22
    system = rng.choice(QUOTING_SYSTEMS) if quoted else rng.choice(NEUTRAL_SYSTEMS) if draw < 0.30 else None
    records = [training_record(rng) for _ in range(_turn_count(rng))]
    return pieces([(request(r, rng), english(r, quoted)) for r in records], system)


def _shuffled_conditions(record: Record, rng: random.Random) -> list[str]:
    conditions = record.conditions()
    rng.shuffle(conditions)
    return conditions


def _french_chat(rng: random.Random) -> list[Piece]:
    record = training_record(rng)
    opening = rng.choice(FRENCH_OPENINGS[record.action])
    return pieces([(french(record, _shuffled_conditions(record, rng), opening), french(record))])


def _sql_chat(rng: random.Random) -> list[Piece]:
    record = training_record(rng)
    return pieces([(sql(record, _shuffled_conditions(record, rng)), sql(record))])


def _json_chat(rng: random.Random) -> list[Piece]:
    record = training_record(rng)

    def shuffled(value):
        if not isinstance(value, dict):
            return value
        items = [(k, shuffled(v)) for k, v in value.items()]
        rng.shuffle(items)
        return dict(items)

    canonical = json_object(record)
    return pieces([(json.dumps(shuffled(canonical)), json.dumps(canonical))])


def _document(rng: random.Random) -> list[Piece]:
    renderer = rng.choice(tuple(RENDERERS.values()))
    text = "\n".join(renderer(training_record(rng)) for _ in range(rng.randint(1, 2)))
    return [Piece(text + END_OF_TEXT, DOCUMENT_WEIGHT)]


def base_example(rng: random.Random) -> list[Piece]:
    """The base restates each language in itself and never translates: that is left to the adapters.

    The shares decide what adapters can learn later: without the paired restatements of SQL, JSON and French an
    adapter of this size does not get there.
    """
    draw = rng.choices((_english_chat, _french_chat, _sql_chat, _json_chat, _document), (46, 15, 12, 12, 15))[0]
    return draw(rng)

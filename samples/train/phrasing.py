"""The many ways people ask for one record in English."""
import random

from domain import Record

LIST_OPENINGS = (
    "show", "show me", "list", "give me", "find", "get", "get me", "display", "fetch", "pull up", "find me", "I need",
    "I want", "I want to see", "I would like to see", "let me see", "can you show me", "could you list",
    "can you give me", "please show", "please list", "",
)
COUNT_OPENINGS = (
    "how many", "count the", "count", "count all", "number of", "the number of", "what is the number of",
    "give me the number of", "tell me how many", "I want to know how many", "can you count the",
)
SUM_OPENINGS = (
    "total of the", "what is the total of the", "sum the", "sum of the", "sum up the", "add up the",
    "the total amount of the", "total amount of", "what is the sum of the", "give me the total of the",
    "can you sum the", "I need the total of the",
)
AVG_OPENINGS = (
    "average of the", "what is the average of the", "what is the average amount of the", "average amount of",
    "the average amount of the", "mean amount of the", "what is the mean of the", "give me the average of the",
    "can you average the", "I need the average amount of the",
)
OPENINGS = {"list": LIST_OPENINGS, "count": COUNT_OPENINGS, "sum": SUM_OPENINGS, "avg": AVG_OPENINGS}

SORT_ADJECTIVES = {
    "newest": ("newest", "latest", "most recent"), "oldest": ("oldest", "earliest"),
    "largest": ("largest", "biggest", "highest", "top"), "smallest": ("smallest", "lowest", "cheapest"),
}
SORT_TAILS = {
    "newest": (", newest first", ", most recent first", ", by date descending", " sorted by date, newest first"),
    "oldest": (", oldest first", ", earliest first", ", by date ascending", " sorted by date, oldest first"),
    "largest": (", largest first", ", biggest first", ", by amount descending", " sorted by amount, largest first"),
    "smallest": (", smallest first", ", lowest first", ", by amount ascending", " sorted by amount, smallest first"),
}
LIMIT_TAILS = (", only {}", ", limit {}", ", at most {} of them")

CITY_PHRASES = ("from {}", "from {}", "in {}", "for {}", "out of {}")
AGENT_PHRASES = ("handled by {}", "assigned to {}", "managed by {}", "by {}", "that {} handles", "of agent {}")
STATUS_PHRASES = ("that are {}", "which are {}", "with status {}")
AMOUNT_PHRASES = {
    "gt": ("above {}", "over {}", "of more than {}", "worth more than {}", "greater than {}", "exceeding {}"),
    "lt": ("below {}", "under {}", "of less than {}", "worth less than {}", "smaller than {}"),
    "gte": ("of at least {}", "of {} or more", "worth at least {}", "from {} up"),
    "lte": ("of at most {}", "of {} or less", "worth at most {}", "up to {}"),
}
UNITS = (" euros", " euros", " euros", " euros", " EUR", "")
YEAR_PHRASES = {
    "eq": ("in {}", "in {}", "from {}", "of {}", "dated {}", "from the year {}"),
    "gte": ("since {}", "since {}", "from {} on", "from {} or later", "not before {}"),
    "lt": ("before {}", "before {}", "earlier than {}", "prior to {}"),
}
QUESTION_WORDS = ("how", "what", "can", "could", "tell")


def request(record: Record, rng: random.Random) -> str:
    """One English request for the record, with its own choice and order of words."""
    opening = rng.choice(OPENINGS[record.action])
    before, tail = _before_noun(record, rng)
    conditions = _after_noun(record, rng, before)
    noun = " ".join(before + [record.table])
    if record.action == "list" and rng.random() < (0.8 if record.sort or record.limit else 0.4):
        noun = ("all " if rng.random() < 0.3 and not record.limit and not record.sort else "the ") + noun
    text = " ".join(filter(None, [opening, noun, *conditions])) + tail
    if "how many" in opening and rng.random() < 0.3:
        text += " are there"
    return _courtesy(text, opening, rng)


def _before_noun(record: Record, rng: random.Random) -> tuple[list[str], str]:
    words, tail = [], ""
    if record.sort:
        if rng.random() < 0.75:
            words.append(rng.choice(SORT_ADJECTIVES[record.sort]))
        else:
            tail += rng.choice(SORT_TAILS[record.sort])
    if record.limit:
        if rng.random() < 0.85 or tail:
            words.insert(0 if rng.random() < 0.8 else len(words), str(record.limit))
        else:
            tail += rng.choice(LIMIT_TAILS).format(record.limit)
    if record.status and rng.random() < 0.75:
        words.append(record.status)
    if record.city and rng.random() < 0.12:
        words.append(record.city)
    return words, tail


def _after_noun(record: Record, rng: random.Random, before: list[str]) -> list[str]:
    phrases = []
    if record.status and record.status not in before:
        phrases.append(rng.choice(STATUS_PHRASES).format(record.status))
    if record.city and record.city not in before:
        phrases.append(rng.choice(CITY_PHRASES).format(record.city))
    if record.agent:
        phrases.append(rng.choice(AGENT_PHRASES).format(record.agent))
    if record.amount:
        relation, value = record.amount
        phrases.append(rng.choice(AMOUNT_PHRASES[relation]).format(f"{value}{rng.choice(UNITS)}"))
    if record.year:
        relation, value = record.year
        phrases.append(rng.choice(YEAR_PHRASES[relation]).format(value))
    if rng.random() < 0.6:
        rng.shuffle(phrases)
    return phrases


def _courtesy(text: str, opening: str, rng: random.Random) -> str:
    if rng.random() < 0.06:
        text = rng.choice(("hello, ", "hi, ", "hey, ")) + text
    if rng.random() < 0.5:
        text = text[0].upper() + text[1:]
    if "please" not in opening and rng.random() < 0.12:
        text += rng.choice((" please", ", please"))
    if opening.startswith(QUESTION_WORDS):
        return text + ("?" if rng.random() < 0.7 else "")
    return text + rng.choices(("", ".", "!"), (68, 28, 4))[0]

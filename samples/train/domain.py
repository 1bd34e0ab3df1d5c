"""The closed world of the sample: records, and what each one reads like in English, SQL, JSON and French.

A record renders to exactly one text per language, so what an adapter must answer is known, not judged.
"""
import hashlib
import json
import random
from dataclasses import dataclass

ACTIONS = ("list", "count", "sum", "avg")

# English plural -> (French plural, feminine)
TABLES = {
    "orders": ("commandes", True), "invoices": ("factures", True), "payments": ("paiements", False),
    "shipments": ("expéditions", True), "purchases": ("achats", False), "refunds": ("remboursements", False),
    "contracts": ("contrats", False), "bookings": ("réservations", True), "tickets": ("billets", False),
    "claims": ("réclamations", True), "quotes": ("devis", False), "deliveries": ("livraisons", True),
    "returns": ("retours", False), "subscriptions": ("abonnements", False), "loans": ("prêts", False),
    "donations": ("dons", False),
}

# English -> (French masculine plural, French feminine plural)
STATUSES = {
    "paid": ("payés", "payées"), "unpaid": ("impayés", "impayées"), "open": ("ouverts", "ouvertes"),
    "closed": ("clos", "closes"), "late": ("en retard", "en retard"), "cancelled": ("annulés", "annulées"),
    "approved": ("approuvés", "approuvées"), "pending": ("en attente", "en attente"),
}

# Cities that English and French spell alike.
CITIES = (
    "Paris", "Lyon", "Lille", "Nantes", "Bordeaux", "Toulouse", "Marseille", "Strasbourg", "Nice", "Rennes",
    "Dijon", "Grenoble", "Berlin", "Madrid", "Rome", "Milan", "Turin", "Munich", "Amsterdam", "Rotterdam",
    "Dublin", "Oslo", "Bergen", "Stockholm", "Helsinki", "Prague", "Budapest", "Porto", "Zurich", "Lausanne",
    "Toronto", "Boston", "Chicago", "Dallas", "Denver", "Tokyo", "Sydney", "Bilbao", "Oxford", "Bristol",
)

AGENTS = (
    "Alice", "Bruno", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Karim", "Laura",
    "Marco", "Nadia", "Oscar", "Paula", "Quentin", "Rosa", "Simon", "Tara", "Victor", "Wanda", "Yann", "Zoe",
)

AMOUNTS = (
    10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100, 120, 125, 150, 175, 200, 225, 250, 300, 350, 400, 450,
    500, 600, 700, 750, 800, 900, 1000, 1200, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10000,
)
YEARS = tuple(range(2015, 2027))
LIMITS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100)

# comparison -> (English, SQL, French)
AMOUNT_RELATIONS = {
    "gt": ("above", ">", "de plus de"), "lt": ("below", "<", "de moins de"),
    "gte": ("of at least", ">=", "d'au moins"), "lte": ("of at most", "<=", "d'au plus"),
}
YEAR_RELATIONS = {
    "eq": ("in", "=", "en"), "gte": ("since", ">=", "depuis"), "lt": ("before", "<", "avant"),
}

# sort -> (column, descending, French masculine plural, French feminine plural)
SORTS = {
    "newest": ("date", True, "les plus récents", "les plus récentes"),
    "oldest": ("date", False, "les plus anciens", "les plus anciennes"),
    "largest": ("amount", True, "les plus importants", "les plus importantes"),
    "smallest": ("amount", False, "les plus petits", "les plus petites"),
}


@dataclass(frozen=True)
class Record:
    """One request for data. Only a list has a sort or a limit."""
    action: str
    table: str
    status: str | None = None
    city: str | None = None
    agent: str | None = None
    amount: tuple[str, int] | None = None
    year: tuple[str, int] | None = None
    sort: str | None = None
    limit: int | None = None

    def conditions(self) -> list[str]:
        return [name for name in ("status", "city", "agent", "amount", "year") if getattr(self, name) is not None]


# The sentence of the repository's README. Nothing trains on its record.
README_REQUEST = "show the 5 newest orders from Lyon above 200 euros"
README_RECORD = Record("list", "orders", city="Lyon", amount=("gt", 200), sort="newest", limit=5)


def random_record(rng: random.Random) -> Record:
    action = rng.choices(ACTIONS, (55, 15, 15, 15))[0]

    def maybe(share, draw):
        return draw() if rng.random() < share else None

    return Record(
        action=action,
        table=rng.choice(tuple(TABLES)),
        status=maybe(0.40, lambda: rng.choice(tuple(STATUSES))),
        city=maybe(0.50, lambda: rng.choice(CITIES)),
        agent=maybe(0.35, lambda: rng.choice(AGENTS)),
        amount=maybe(0.45, lambda: (rng.choice(tuple(AMOUNT_RELATIONS)), rng.choice(AMOUNTS))),
        year=maybe(0.35, lambda: (rng.choice(tuple(YEAR_RELATIONS)), rng.choice(YEARS))),
        sort=maybe(0.60, lambda: rng.choice(tuple(SORTS))) if action == "list" else None,
        limit=maybe(0.50, lambda: rng.choice(LIMITS)) if action == "list" else None,
    )


def is_held_out(record: Record) -> bool:
    """One record in sixteen, by content, whatever the phrasing: no training text of any language shows it."""
    return record == README_RECORD or hashlib.md5(english(record).encode()).digest()[0] < 16


def training_record(rng: random.Random) -> Record:
    while is_held_out(record := random_record(rng)):
        pass
    return record


def held_out_record(rng: random.Random) -> Record:
    while not is_held_out(record := random_record(rng)) or record == README_RECORD:
        pass
    return record


def english(record: Record, quoted: bool = False) -> str:
    """The restatement the base answers with; `quoted` puts the values in double quotes."""
    def value(x):
        return f'"{x}"' if quoted else str(x)

    opening = {
        "list": "You would like to see",
        "count": "You would like to know the number of",
        "sum": "You would like to know the total of the",
        "avg": "You would like to know the average amount of the",
    }[record.action]
    words = [opening]
    if record.action == "list" and (record.sort or not record.limit):
        words.append("the")
    if record.limit:
        words.append(value(record.limit))
    if record.sort:
        words.append(record.sort)
    if record.status:
        words.append(value(record.status))
    words.append(record.table)
    if record.city:
        words.append(f"from {value(record.city)}")
    if record.agent:
        words.append(f"handled by {value(record.agent)}")
    if record.amount:
        words.append(f"{AMOUNT_RELATIONS[record.amount[0]][0]} {value(record.amount[1])} euros")
    if record.year:
        words.append(f"{YEAR_RELATIONS[record.year[0]][0]} {value(record.year[1])}")
    text = " ".join(words)
    if record.sort:
        column, descending, _, _ = SORTS[record.sort]
        text += f", by {column} in {'descending' if descending else 'ascending'} order"
    return text + "."


def sql_condition(record: Record, name: str) -> str:
    if name == "amount":
        return f"amount {AMOUNT_RELATIONS[record.amount[0]][1]} {record.amount[1]}"
    if name == "year":
        return f"year {YEAR_RELATIONS[record.year[0]][1]} {record.year[1]}"
    return f"{name} = '{getattr(record, name)}'"


def sql(record: Record, conditions: list[str] | None = None) -> str:
    """`conditions` gives another order of the WHERE clause; the canonical order is the record's."""
    selected = {"list": "*", "count": "COUNT(*)", "sum": "SUM(amount)", "avg": "AVG(amount)"}[record.action]
    text = f"SELECT {selected} FROM {record.table}"
    conditions = record.conditions() if conditions is None else conditions
    if conditions:
        text += " WHERE " + " AND ".join(sql_condition(record, name) for name in conditions)
    if record.sort:
        column, descending, _, _ = SORTS[record.sort]
        text += f" ORDER BY {column} {'DESC' if descending else 'ASC'}"
    if record.limit:
        text += f" LIMIT {record.limit}"
    return text + ";"


def json_object(record: Record) -> dict:
    result = {"action": record.action, "table": record.table}
    filters = {}
    for name in record.conditions():
        value = getattr(record, name)
        filters[name] = {value[0]: value[1]} if isinstance(value, tuple) else value
    if filters:
        result["filter"] = filters
    if record.sort:
        column, descending, _, _ = SORTS[record.sort]
        result["sort"] = ("-" if descending else "+") + column
    if record.limit:
        result["limit"] = record.limit
    return result


def json_text(record: Record) -> str:
    return json.dumps(json_object(record))


def elide(word: str) -> str:
    """French "de", before a vowel "d'"."""
    return f"d'{word}" if word[0] in "AEIOUÉaeioué" else f"de {word}"


def french_condition(record: Record, name: str) -> str:
    feminine = TABLES[record.table][1]
    if name == "status":
        return STATUSES[record.status][feminine]
    if name == "city":
        return elide(record.city)
    if name == "agent":
        return f"{'gérées' if feminine else 'gérés'} par {record.agent}"
    if name == "amount":
        return f"{AMOUNT_RELATIONS[record.amount[0]][2]} {record.amount[1]} euros"
    return f"{YEAR_RELATIONS[record.year[0]][2]} {record.year[1]}"


def french(record: Record, conditions: list[str] | None = None, opening: str | None = None) -> str:
    """`conditions` and `opening` give another wording of the same request."""
    noun, feminine = TABLES[record.table]
    opening = opening or FRENCH_OPENINGS[record.action][0]
    if record.action == "count":
        words = [opening, elide(noun)]
    elif record.action == "list":
        words = [opening, f"les {record.limit}" if record.limit else "les", noun]
    else:
        words = [opening, noun]
    conditions = record.conditions() if conditions is None else conditions
    phrases = [french_condition(record, name) for name in conditions]
    if record.sort:  # an adjective, so next to the noun, after the status if that is there
        phrases.insert(1 if conditions[:1] == ["status"] else 0, SORTS[record.sort][3 if feminine else 2])
    words += phrases
    return " ".join(words) + ("." if record.action == "list" else " ?")


FRENCH_OPENINGS = {
    "list": ("Affichez", "Montrez", "Montrez-moi", "Donnez-moi", "Je voudrais voir", "Listez", "Trouvez"),
    "count": ("Combien y a-t-il", "Quel est le nombre", "Donnez-moi le nombre"),
    "sum": ("Quel est le total des", "Donnez-moi le total des", "Quelle est la somme des"),
    "avg": ("Quel est le montant moyen des", "Donnez-moi le montant moyen des", "Quelle est la moyenne des"),
}

RENDERERS = {"base": english, "sql": sql, "json": json_text, "french": french}

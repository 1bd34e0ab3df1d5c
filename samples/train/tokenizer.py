"""Byte-level BPE: a trainer, an encoder, and the tokenizer.json that Hugging Face tokenizers reads.

The encoder gives the same ids as the Hugging Face library does from that file.
"""
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

END_OF_TEXT, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIALS = (END_OF_TEXT, IM_START, IM_END)


def _category(initial: str) -> str:
    """The characters of a general category, as the inside of a character class: Python's re has no \\p{L}."""
    ranges, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code))[0] == initial
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


_L, _N = _category("L"), _category("N")
_S = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
WORD = re.compile(f"'s|'t|'re|'ve|'m|'ll|'d| ?[{_L}]+| ?[{_N}]+| ?[^{_S}{_L}{_N}]+|[{_S}]+(?![^{_S}])|[{_S}]+")
SPECIAL = re.compile("(" + "|".join(map(re.escape, SPECIALS)) + ")")


def _byte_characters() -> list[str]:
    """A printable character for each byte, as GPT-2 chose them, in the order that gives ids 0 to 255."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in printable}
    for offset, byte in enumerate(b for b in range(256) if b not in table):
        table[byte] = chr(256 + offset)
    return [table[byte] for byte in range(256)]


BYTES = _byte_characters()


def _word_symbols(word: str) -> tuple[str, ...]:
    return tuple(BYTES[byte] for byte in word.encode())


def _merge(symbols: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    result, i = [], 0
    while i < len(symbols):
        if symbols[i:i + 2] == pair:
            result.append(pair[0] + pair[1])
            i += 2
        else:
            result.append(symbols[i])
            i += 1
    return tuple(result)


def train_merges(texts: list[str], count: int) -> list[tuple[str, str]]:
    """The `count` most frequent merges; ties go to the smaller pair, so the result depends on the texts alone."""
    words = Counter(word for text in texts for part in SPECIAL.split(text) if part not in SPECIALS
                    for word in WORD.findall(part))
    split = {word: _word_symbols(word) for word in words}
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, symbols in split.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        split = {word: _merge(symbols, best) for word, symbols in split.items()}
    return merges


class Tokenizer:
    def __init__(self, merges: list[tuple[str, str]]):
        self.merges = merges
        self.rank = {pair: i for i, pair in enumerate(merges)}
        self.vocabulary = {symbol: i for i, symbol in enumerate([*sorted(BYTES), *(a + b for a, b in merges)])}
        first = len(self.vocabulary)
        self.special_ids = {token: first + i for i, token in enumerate(SPECIALS)}
        self._symbols = {i: symbol for symbol, i in self.vocabulary.items()}
        self._cache: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        ids = []
        for part in SPECIAL.split(text):
            if part in self.special_ids:
                ids.append(self.special_ids[part])
            else:
                for word in WORD.findall(part):
                    ids += self._encode_word(word)
        return ids

    def _encode_word(self, word: str) -> list[int]:
        if word not in self._cache:
            symbols = _word_symbols(word)
            while len(symbols) > 1:
                best = min(zip(symbols, symbols[1:]), key=lambda pair: self.rank.get(pair, len(self.rank)))
                if best not in self.rank:
                    break
                symbols = _merge(symbols, best)
            self._cache[word] = [self.vocabulary[symbol] for symbol in symbols]
        return self._cache[word]

    def decode(self, ids: list[int]) -> str:
        """The text of the ids, special tokens left out."""
        byte_of = {character: byte for byte, character in enumerate(BYTES)}
        return bytes(byte_of[c] for i in ids for c in self._symbols.get(i, "")).decode("utf-8", "replace")

    def save(self, path: Path) -> None:
        added = [{"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
                  "normalized": False, "special": True} for token, i in self.special_ids.items()]
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        document = {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": byte_level, "post_processor": {**byte_level, "trim_offsets": False},
            "decoder": byte_level,
            "model": {
                "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                "vocab": self.vocabulary, "merges": [list(pair) for pair in self.merges],
            },
        }
        path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")

    @staticmethod
    def load(path: Path) -> "Tokenizer":
        model = json.loads(path.read_text(encoding="utf-8"))["model"]
        return Tokenizer([tuple(pair) for pair in model["merges"]])

"""Indonesian names as they are compared: without titles, spelling fashion and word order."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

TITLES = frozenset(
    re.findall(
        r"[a-z]+",
        """
        h hj hjh haji hajjah kh kyai ki nyi ny nyonya tn tuan nn sdr sdri bpk bapak ibu
        alm almh almarhum almarhumah dr drs dra drg ir prof ust ustadz ustadzah r rr ra
        rd raden s se sh sp st pd spd ag sag ssi skom skm sos sip mpd msi mm amd amk
        spdi
        """,
    )
)
LINEAGE = frozenset(("bin", "binti", "bt", "bti"))
"""Before the father's name, which many records leave out."""
SHORT_FORMS = {
    "m": "muhamad",
    "md": "muhamad",
    "mhd": "muhamad",
    "muh": "muhamad",
    "moh": "muhamad",
    "moch": "muhamad",
    "mohd": "muhamad",
    "mohamad": "muhamad",
    "mochamad": "muhamad",
    "mochammad": "muhamad",
    "mohammad": "muhamad",
    "muhammad": "muhamad",
    "muhammed": "muhamad",
    "abd": "abdul",
    "st": "siti",
    "sitti": "siti",
    "seri": "sri",
    "srie": "sri",
    "sry": "sri",
}
OLD_SPELLING = re.compile(r"oe|dj|tj|nj|sj")
OLD_LETTERS = (("oe", "u"), ("dj", "J"), ("tj", "c"), ("j", "y"), ("J", "j"))
"""Van Ophuijsen's spelling of 1901, in which many of the old still write their names."""
SPELLINGS = (
    ("sy", "s"),
    ("sh", "s"),
    ("kh", "h"),
    ("ch", "h"),
    ("dz", "d"),
    ("dh", "d"),
    ("th", "t"),
    ("ae", "ai"),
    ("f", "p"),
    ("v", "p"),
    ("q", "k"),
    ("x", "ks"),
    ("z", "j"),
    ("y", "i"),
)
"""Spellings of one sound, most of them of Arabic names; applied from the top."""
JOINED_ABDUL = re.compile(r"^abdu([rsndz])\1?(?=[a-z]{3})")
DOUBLED = re.compile(r"(.)\1+")
SILENT_H = re.compile(r"(?<=[aeiou])h$")


def words_of(name: str) -> tuple[str, ...]:
    """Return the words that tell a person, in one spelling and in alphabetical order."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    given = _before_lineage(re.findall(r"[a-z]+", re.sub(r"['`]", "", plain)))
    told = [word for word in given if word not in TITLES or word in SHORT_FORMS] or given
    split = [part for word in told for part in _spelled_out(word)]
    return tuple(sorted({_respelled(word) for word in split}))


def trigrams(words: Iterable[str]) -> frozenset[str]:
    """Return the groups of three letters of a name's words, their ends marked by spaces."""
    return frozenset(gram for word in words for gram in _of_a_word(word))


@lru_cache(maxsize=65536)
def _of_a_word(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _before_lineage(words: list[str]) -> list[str]:
    ends = [at for at, word in enumerate(words) if at and word in LINEAGE]
    return words[: ends[0]] if ends else words


def _spelled_out(word: str) -> list[str]:
    full = SHORT_FORMS.get(word, word)
    joined = JOINED_ABDUL.match(full)
    return ["abdul", joined[1] + full[joined.end() :]] if joined else [full]


@lru_cache(maxsize=65536)
def _respelled(word: str) -> str:
    old = OLD_LETTERS if OLD_SPELLING.search(word) else ()
    for spelling, sound in (*old, *SPELLINGS):
        word = word.replace(spelling, sound)
    return SILENT_H.sub("", DOUBLED.sub(r"\1", word))

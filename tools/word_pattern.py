"""Makes the pattern of values that are words and runs: what a pattern can say of `words.is_made_of_words`.

A pattern can't count what it leaves out, so this one leaves out one letter or digit before something telling, and one
after it. Such a value is always one that the tool finds, too.
"""

from post_renderer.rules import words
from tools import near

PUNCTUATION = r"[\x00-/:-@\[-`{-\x7f]"
ANY = r"[A-Za-z0-9\x{80}-\x{10FFFF}]"
# Not every run that the tool knows: Helm compiles the pattern for each value.
COMMON = "abcdefghijklmnopqrstuvwxyz 01234567890 1234567890 0987654321 qwertyuiop asdfghjkl zxcvbnm"


def pattern() -> str:
    """The pattern of whole values, in Go's syntax: Python would need minutes for some values."""
    disguised = {ord(letter): f"[{letter}{chars}]" for letter, chars in words.DISGUISES.items()}
    telling = near.any_of(words.TELLING.split()).translate(disguised)
    runs = [run for run in words.runs() if run in COMMON]
    sure = near.any_of(sorted(run for run in runs if len(run) >= words.SURE))
    others = near.any_of(sorted({*words.FILLING.split(), *runs}))
    known = f"{PUNCTUATION}|{telling}|{others}"
    beside = f"(?:{known})*(?:{ANY}(?:{known})*)?"
    return f"(?i){beside}(?:{telling}|{sure}){beside}"

"""The rules as text for a terminal: one of them with all that is known about it, or all of them, a line each."""

from __future__ import annotations

import textwrap

from post_renderer.rules.catalog import RULES

WIDTH = 100  # columns


def page(rule_id: str) -> str:
    """What one rule means, why it matters and what to do, ending in a line break.

    Raises:
        KeyError: There is no such rule.
    """
    rule = RULES[rule_id]
    ignored = f"can be ignored (--ignore {rule_id}=REASON)" if rule.ignorable else "can't be ignored"
    parts = [
        f"{rule_id}: {rule.sentence}",
        f"{_capital(rule.severity)}; {ignored}. It is about {rule.room}.",
        *rule.why.split("\n\n"),
        f"Fix: {rule.fix}",
        *(f"{label}: {text}" for label, text in (("Fails", rule.fails), ("Passes", rule.passes)) if text),
    ]
    return "\n\n".join(textwrap.fill(part, WIDTH, break_long_words=False) for part in parts) + "\n"


def markdown(rule_id: str) -> str:
    """The text of one rule in Markdown, without a heading and a last line break.

    Raises:
        KeyError: There is no such rule.
    """
    rule = RULES[rule_id]
    ignorable = "can be ignored" if rule.ignorable else "can't be ignored"
    parts = [f"{rule.sentence} ({rule.severity}, {ignorable})", rule.why, f"Fix: {rule.fix}"]
    parts += [f"- Fails: {rule.fails}\n- Passes: {rule.passes}"] if rule.fails else []
    return "\n\n".join(parts)


def listing() -> str:
    """All rules, a line each, ending in a line break."""
    wide = max(map(len, RULES))
    return "".join(f"{rule.severity:<8} {name:<{wide}}  {rule.sentence}\n" for name, rule in RULES.items())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

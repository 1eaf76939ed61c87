"""The rules as text for a person: the list, and one rule."""

from post_renderer.rules.catalog import RULES


def listing() -> str:
    """Each rule in a line."""
    width = max(map(len, RULES))
    return "".join(f"{name:<{width}}  {rule.sentence}\n" for name, rule in RULES.items())


def page(rule_id: str) -> str:
    """One rule."""
    rule = RULES[rule_id]
    return f"{rule_id}\n\n{rule.sentence}\n\nIt {'can' if rule.ignorable else 'can not'} be ignored.\n"

"""The function reference, generated from the registry."""

from __future__ import annotations

from vidcost_xl.functions.registry import FunctionSpec, function_spec, functions


def reference(name: str | None = None, *, markdown: bool = False) -> str:
    """The reference of one function or of all.

    Parameters
    ----------
    name : str, optional
        In any case; all functions when left out.
    markdown : bool
        Whether to print Markdown tables instead of plain text.
    """
    if name is not None:
        return _one(function_spec(name))
    groups: dict[str, list[FunctionSpec]] = {}
    for spec in functions().values():
        groups.setdefault(spec.category, []).append(spec)
    if markdown:
        parts = ["| Function | What it answers |\n|---|---|"]
        for category, specs in groups.items():
            rows = [f"| **{category}** | |", *(f"| `{spec.signature}` | {spec.help} |" for spec in specs)]
            parts.append("\n".join(rows))
        return "\n".join(parts)
    lines = []
    for category, specs in groups.items():
        lines += [category, *(f"  {spec.signature}\n      {spec.help}" for spec in specs), ""]
    return "\n".join(lines).rstrip()


def _one(spec: FunctionSpec) -> str:
    arguments = [f"  {parameter.name}\n      {parameter.help}" for parameter in spec.parameters]
    return "\n".join([spec.signature, spec.help, *(["", *arguments] if arguments else [])])

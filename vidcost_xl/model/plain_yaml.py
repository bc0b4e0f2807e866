"""YAML as people write plans: 1e9 is a number, and a key given twice is an error."""

from __future__ import annotations

import re
from typing import Any

import yaml


class PlanLoader(yaml.SafeLoader):
    """The safe loader with the floats of YAML 1.2 and without repeated keys."""


def load(text: str) -> Any:
    """The tree of a YAML text.

    Raises
    ------
    yaml.YAMLError
        For a text that is not YAML, or a key given twice.
    """
    return yaml.load(text, Loader=PlanLoader)  # noqa: S506 - a safe loader


def _mapping(loader: PlanLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if isinstance(key, str) and key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key} is given twice", key_node.start_mark)
        seen.add(str(key))
    mapping: dict[Any, Any] = loader.construct_mapping(node)
    return mapping


PlanLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# YAML 1.1 reads 1e9 as a text: it wants a point and a sign.
PlanLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+"), list("-+0123456789")
)

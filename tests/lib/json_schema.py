#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""json_schema.py SCHEMA FILE: whether a JSON file is as a schema of doc/ says.

It knows the words that those schemas use: type, enum, const, required, properties,
additionalProperties, items, minItems, minimum, maximum, exclusiveMinimum, pattern. Any other word
is an error, so that a schema cannot say what nobody checks."""

import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
NOTES = {"$schema", "title", "description"}


def has_type(value, name):
    if name in ("number", "integer"):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return is_number and (name == "number" or value == int(value))
    return isinstance(value, TYPES[name])


def check(value, schema, place):
    for word, rule in schema.items():
        good = True
        if word in NOTES:
            continue
        if word == "type":
            good = any(has_type(value, t) for t in (rule if isinstance(rule, list) else [rule]))
        elif word == "enum":
            good = value in rule
        elif word == "const":
            good = value == rule
        elif word == "required":
            good = all(key in value for key in rule)
        elif word == "properties":
            for key in rule:
                if key in value:
                    check(value[key], rule[key], place + "." + key)
        elif word == "additionalProperties":
            good = rule or set(value) <= set(schema["properties"])
        elif word == "items":
            for i, item in enumerate(value):
                check(item, rule, "%s[%d]" % (place, i))
        elif word == "minItems":
            good = len(value) >= rule
        elif word == "pattern":
            good = value is None or re.search(rule, value) is not None
        elif word in ("minimum", "maximum", "exclusiveMinimum"):
            good = value is None or {"minimum": value >= rule, "maximum": value <= rule,
                                     "exclusiveMinimum": value > rule}[word]
        else:
            sys.exit("the schema has '%s', which is not checked" % word)
        if not good:
            sys.exit("%s: %s is not %s" % (place, word, json.dumps(rule)[:100]))


with open(sys.argv[1], encoding="utf-8") as schema, open(sys.argv[2], encoding="utf-8") as file:
    check(json.load(file), json.load(schema), "$")

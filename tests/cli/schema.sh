#!/bin/sh
# SPDX-License-Identifier: MIT
# schema.sh: reports in JSON are as doc/flamediff-report.schema.json says, with and without gates,
# of every scale, of unknown noise and of cost that moved. A schema that cannot fail checks nothing.
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1

cat >check.py <<'END'
import json, sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def has_type(value, name):
    if name in ("number", "integer"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and (name == "number" or value == int(value))
    return isinstance(value, TYPES[name])


def check(value, schema, root, place):
    if "$ref" in schema:
        return check(value, root["$defs"][schema["$ref"].split("/")[-1]], root, place)
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    good = not types or any(has_type(value, t) for t in types)
    good &= "const" not in schema or value == schema["const"]
    good &= "enum" not in schema or value in schema["enum"]
    good &= not number or value >= schema.get("minimum", value)
    good &= not number or value <= schema.get("maximum", value)
    good &= not number or value < schema.get("exclusiveMaximum", value + 1)
    good &= not isinstance(value, dict) or all(k in value for k in schema.get("required", []))
    if not good:
        sys.exit(f"{place}: {json.dumps(value)[:200]} is not as {json.dumps(schema)[:200]}")
    if isinstance(value, dict):
        for key, part in schema.get("properties", {}).items():
            if key in value:
                check(value[key], part, root, f"{place}.{key}")
    if isinstance(value, list) and "items" in schema:
        for i, part in enumerate(value):
            check(part, schema["items"], root, f"{place}[{i}]")


schema = json.load(open(sys.argv[1]))
check(json.load(open(sys.argv[2])), schema, schema, "report")
END
schema=$srcdir/doc/flamediff-report.schema.json
data=$srcdir/tests/data/moved

# reported OPTION... : the report is as the schema says.
reported() {
    flamediff -q --report json "$@" >x.json 2>err
    check "as the schema says: $(echo "$*" | sed "s|$srcdir/||g")" python3 check.py "$schema" x.json
}

printf 'm;a 3000\nm;b 3000\n' >one
printf 'm;a 3000\nm;b 7000\nm;c 9\n' >two
reported one two
reported one one two -- two two
reported --normalize total --class 'x=a' --fail-on 'total>5%' one two
reported --work 1,2 --work-unit row --fail-on 'a>2x' --fail-on 'nothing>5%' one two
reported --countname ms --fail-on 'any>5%' one two
reported --fail-on 'any>5' --fail-on 'self:b>1%' "$data/base.folded" "$data/rename.folded"
reported --fail-on 'any>0.01%' "$data/base.folded" "$data/inline.folded"
reported --fail-on 'any>30%' "$data/base.folded" "$data/rename.folded"

fails() {
    ! "$@"
}

for break in 's/"flamediff":1/"flamediff":2/' 's/"noise":/"silence":/' \
    's/"result":"fine"/"result":"good"/' 's/"verdict":"moved"/"verdict":"gone"/' \
    's/"unmatched":[0-9.]*/"unmatched":101/'; do
    sed "$break" x.json >bad.json
    check "but not after $break" fails python3 check.py "$schema" bad.json
done
done_testing

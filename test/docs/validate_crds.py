"""Checks objects of Kubernetes against the schemas of custom resource definitions.

    python validate_crds.py OBJECTS.json CRD.yaml…

An unknown key is an error, except where a definition keeps unknown fields. Prints a line for each error.
"""

import json
import sys

import jsonschema
import yaml


def strict(schema):
    """The schema as JSON schema: unknown keys are refused, as by an API server with strict validation."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        made["type"] = ["integer", "string"]
        made.pop("anyOf", None)
    keeps = schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("x-kubernetes-embedded-resource")
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema and not keeps:
        made["additionalProperties"] = False
    return made


def schemas(files):
    for file in files:
        with open(file, encoding="utf-8") as text:
            for crd in yaml.safe_load_all(text):
                spec = crd["spec"]
                for version in spec["versions"]:
                    name = f'{spec["group"]}/{version["name"]}/{spec["names"]["kind"]}'
                    schema = strict(version["schema"]["openAPIV3Schema"])
                    schema["properties"]["metadata"] = {"type": "object"}
                    yield name, schema


def main(objects, *files):
    known = dict(schemas(files))
    for item in json.load(open(objects, encoding="utf-8")):
        name = f'{item["apiVersion"]}/{item["kind"]}'
        if name not in known:
            print(f"{name}: no schema")
            continue
        for error in jsonschema.Draft7Validator(known[name]).iter_errors(item):
            print(f'{name}: {"/".join(map(str, error.absolute_path))}: {error.message[:300]}')


main(*sys.argv[1:])

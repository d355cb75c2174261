#!/usr/bin/env python3
"""Reads a Firebreak archive with Python's standard library and zstd alone.

    read_archive.py ARCHIVE                 checks every file, counts the documents of each namespace
    read_archive.py ARCHIVE NAMESPACE       prints its lines
    read_archive.py ARCHIVE NAMESPACE FILE  writes its documents to FILE as BSON, one after the other
    read_archive.py --chain NAMESPACE FULL DELTA [DELTA …]
                                            prints the lines that it has at the end of a chain (all in memory)

Of a delta it prints what is new or other than before, and counts what is gone.

For an encrypted archive set AGE_IDENTITY to the file with the key; the age tool is needed then.
What it knows of the format stands in packages/archive/FORMAT.md.
"""

import base64
import hashlib
import json
import os
import struct
import subprocess
import sys


class Fields(list):
    """The fields of a JSON object, in order."""


def main(archive, namespace=None, bson_file=None):
    manifest = read_manifest(archive)
    for entry in manifest["namespaces"]:
        if namespace not in (None, entry["namespace"]):
            continue
        count = 0
        out = open(bson_file, "wb") if bson_file else None
        for line in lines_of(archive, entry["parts"]):
            count += 1
            if out:
                out.write(document_of(line))
            elif namespace:
                print(line.decode())
        if out:
            out.close()
        if count != entry["lineCount"]:
            sys.exit(f"{entry['namespace']}: {count} lines, {entry['lineCount']} expected")
        gone = sum(1 for _ in lines_of(archive, gone_parts(entry)))
        if namespace is None:
            change = f"\t{entry['change']}\t{gone} gone" if "change" in entry else ""
            print(f"{entry['namespace']}\t{count}{change}")


def gone_parts(entry):
    return entry.get("deletes", []) + entry.get("expired", [])


def print_chain(namespace, *archives):
    """What a chain stands for: each link's lines in the place of those of the same keys in links before."""
    before, lines = None, {}
    for archive in archives:
        manifest = read_manifest(archive)
        if manifest.get("delta", {}).get("baseSha256") != before:
            sys.exit(f"{archive} does not go on from the archive before it")
        before = sha256_of(os.path.join(archive, "manifest.json"))
        for entry in manifest["namespaces"]:
            if entry["namespace"] != namespace:
                continue
            if entry.get("change") != "changed":
                lines = {}
            names = key_names(archive, entry)
            for line in lines_of(archive, gone_parts(entry)):
                lines.pop(key_of(line, names), None)
            for number, line in enumerate(lines_of(archive, entry["parts"])):
                lines[key_of(line, names) if names else number] = line
    for line in lines.values():
        print(line.decode())


def key_names(archive, entry):
    if entry["kind"] != "table":
        return ["_id"]
    return json.loads(content_of(archive, entry["metadata"]["file"]))["keyColumns"]


def key_of(line, names):
    fields = dict(elements(document_of(line)))
    return b"".join(fields[name.encode("utf-8")] for name in names)


def elements(bson):
    """Name, and type with content, of each top-level field of a BSON document."""
    at = 4
    while bson[at] != 0:
        kind, end = bson[at], bson.index(0, at + 1)
        size = SIZES[kind](bson, end + 1)
        yield bson[at + 1 : end], bytes([kind]) + bson[end + 1 : end + 1 + size]
        at = end + 1 + size


def content_of(archive, name):
    path = os.path.join(archive, name)
    if path.endswith(".age"):
        return subprocess.run(age_command(path), stdout=subprocess.PIPE, check=True).stdout
    with open(path, "rb") as file:
        return file.read()


def read_manifest(archive):
    with open(os.path.join(archive, "SHA256SUMS"), encoding="utf-8") as sums:
        for line in sums:
            expected, name = line.rstrip("\n").split("  ", 1)
            if sha256_of(os.path.join(archive, name)) != expected:
                sys.exit(f"{name} was changed")
    with open(os.path.join(archive, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest["format"] != "firebreak-archive" or manifest["formatVersion"] not in (1, 2, 3):
        sys.exit("this is no archive and no delta of a format that is known here")
    if "encryption" in manifest:
        manifest = json.loads(content_of(archive, manifest["contents"]["file"]))
    return manifest


def lines_of(archive, parts):
    for part in parts:
        path = os.path.join(archive, part["file"])
        opened = subprocess.Popen(age_command(path), stdout=subprocess.PIPE) if path.endswith(".age") else None
        source = opened.stdout if opened else open(path, "rb")
        plain = subprocess.Popen(["zstd", "-dcq"], stdin=source, stdout=subprocess.PIPE)
        digest = hashlib.sha256()
        is_empty = False
        for line in plain.stdout:
            digest.update(line)
            if is_empty:
                sys.exit(f"{part['file']} has an empty line amid others")
            is_empty = line == b"\n"
            if not is_empty:
                yield line.rstrip(b"\n")
        if is_empty:
            print(f"{part['file']} ends with an empty line, which version 0.1.0 left there", file=sys.stderr)
        source.close()
        if plain.wait() != 0 or digest.hexdigest() != part["plainSha256"]:
            sys.exit(f"{part['file']} does not hold what it should")


def age_command(path):
    return ["age", "-d", "-i", os.environ["AGE_IDENTITY"], path]


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def document_of(line):
    """The BSON document of a line."""
    value = json.loads(line.decode("utf-8"), object_pairs_hook=Fields)
    if len(value) == 1 and value[0][0] == "$firebreak":
        return base64.b64decode(dict(value[0][1])["bson"])
    return document(value)


def document(fields):
    body = b"".join(element(name, value) for name, value in fields)
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def element(name, value):
    kind, content = encode(value)
    return bytes([kind]) + name.encode("utf-8") + b"\0" + content


def string(text):
    data = text.encode("utf-8")
    return struct.pack("<i", len(data) + 1) + data + b"\0"


def encode(value):
    """BSON type and bytes of a value."""
    if value is None:
        return 0x0A, b""
    if isinstance(value, bool):
        return 0x08, bytes([value])
    if isinstance(value, str):
        return 0x02, string(value)
    if not isinstance(value, Fields):
        return 0x04, document([(str(i), item) for i, item in enumerate(value)])
    name = value[0][0] if value else ""
    if name not in WRAPPERS:
        return 0x03, document(value)
    if name == "$code" and len(value) == 2:
        content = string(value[0][1]) + document(value[1][1])
        return 0x0F, struct.pack("<i", len(content) + 4) + content
    kind, content = WRAPPERS[name]
    return kind, content(value[0][1])


def binary(fields):
    data, subtype = base64.b64decode(dict(fields)["base64"]), int(dict(fields)["subType"], 16)
    if subtype == 2:
        data = struct.pack("<i", len(data)) + data
    return struct.pack("<iB", len(data), subtype) + data


def double(text):
    return struct.pack("<Q", 0x7FF8000000000000) if text == "NaN" else struct.pack("<d", float(text))


def regular_expression(fields):
    return b"".join(dict(fields)[name].encode("utf-8") + b"\0" for name in ("pattern", "options"))


def timestamp(fields):
    seconds, increment = (int(json_number) for json_number in (dict(fields)["t"], dict(fields)["i"]))
    return struct.pack("<II", increment, seconds)


def decimal128(text):
    negative, text = text.startswith("-"), text.lstrip("-")
    if text in ("NaN", "Infinity"):
        high, low = (0x7C if text == "NaN" else 0x78) << 56, 0
    else:
        digits, _, exponent = text.partition("E")
        whole, _, fraction = digits.partition(".")
        number = int(whole + fraction) | (int(exponent or 0) - len(fraction) + 6176) << 113
        high, low = number >> 64, number & (1 << 64) - 1
    return struct.pack("<QQ", low, high | negative << 63)


def oid(text):
    return bytes.fromhex(text)


WRAPPERS = {
    "$numberInt": (0x10, lambda text: struct.pack("<i", int(text))),
    "$numberLong": (0x12, lambda text: struct.pack("<q", int(text))),
    "$numberDouble": (0x01, double),
    "$numberDecimal": (0x13, decimal128),
    "$oid": (0x07, oid),
    "$date": (0x09, lambda fields: struct.pack("<q", int(dict(fields)["$numberLong"]))),
    "$binary": (0x05, binary),
    "$timestamp": (0x11, timestamp),
    "$regularExpression": (0x0B, regular_expression),
    "$code": (0x0D, string),
    "$symbol": (0x0E, string),
    "$dbPointer": (0x0C, lambda fields: string(dict(fields)["$ref"]) + oid(dict(dict(fields)["$id"])["$oid"])),
    "$minKey": (0xFF, lambda _: b""),
    "$maxKey": (0x7F, lambda _: b""),
    "$undefined": (0x06, lambda _: b""),
}

def int32(bson, at):
    return struct.unpack_from("<i", bson, at)[0]


def texts(count):
    def size(bson, at):
        end = at
        for _ in range(count):
            end = bson.index(0, end) + 1
        return end - at

    return size


def fixed(size):
    return lambda bson, at: size


def counted(extra):
    return lambda bson, at: int32(bson, at) + extra


SIZES = {
    **dict.fromkeys([0x01, 0x09, 0x11, 0x12], fixed(8)),
    **dict.fromkeys([0x06, 0x0A, 0xFF, 0x7F], fixed(0)),
    **dict.fromkeys([0x02, 0x0D, 0x0E], counted(4)),
    **dict.fromkeys([0x03, 0x04, 0x0F], counted(0)),
    0x05: counted(5),
    0x07: fixed(12),
    0x08: fixed(1),
    0x0B: texts(2),
    0x0C: counted(16),
    0x10: fixed(4),
    0x13: fixed(16),
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--chain"] and len(sys.argv) > 4:
        print_chain(*sys.argv[2:])
    elif not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    else:
        main(*sys.argv[1:])

import { hash } from "node:crypto";
import { LineEncoder } from "@firebreak/archive";
import { BSON } from "mongodb";

/** The most characters of a value that are shown. */
const TOLD_CHARACTERS = 256;

/** The size up to which values are turned into text. Longer ones would take time and memory. */
const TOLD_BYTES = 64 * 1024;

/** A top-level field that differs. Its values are canonical Extended JSON, cut if long, null if missing. */
export interface ChangedField {
  readonly name: string;
  readonly expected: string | null;
  readonly found: string | null;
}

interface FieldValue {
  readonly sha256: string;
  readonly text: string;
}

/**
 * Returns the top-level fields that differ, for documents that both sides have in different forms.
 *
 * The list is empty if only the order of fields differs. Reads both sides once.
 */
export async function changedFields(
  sides: { readonly expected: Side; readonly found: Side },
  ids: ReadonlySet<string>,
): Promise<Map<string, ChangedField[]>> {
  const read = async (side: Side): Promise<Map<string, Map<string, FieldValue>>> => {
    const fields = new Map<string, Map<string, FieldValue>>();
    await side((document) => {
      const id = idText(document);
      if (ids.has(id)) fields.set(id, fieldsOf(document));
    });
    return fields;
  };
  const [expected, found] = await Promise.all([read(sides.expected), read(sides.found)]);
  return new Map([...ids].map((id) => [id, compare(expected.get(id), found.get(id))]));
}

function compare(
  expected: ReadonlyMap<string, FieldValue> = new Map(),
  found: ReadonlyMap<string, FieldValue> = new Map(),
): ChangedField[] {
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((name) => expected.get(name)?.sha256 !== found.get(name)?.sha256)
    .map((name) => ({
      name,
      expected: expected.get(name)?.text ?? null,
      found: found.get(name)?.text ?? null,
    }));
}

const encoder = new LineEncoder();

/** Returns the fields of a document. If several have the same name, their values are joined. */
function fieldsOf(document: Buffer): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  for (const [type, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    const name = document.toString("utf8", nameAt, nameAt + nameLength);
    const bytes = document.subarray(offset, offset + length);
    const earlier = fields.get(name);
    const sha256 = hash("sha256", Buffer.concat([Buffer.from([type & 0xff]), bytes]), "base64");
    const text = textOf(document, type & 0xff, offset, length);
    fields.set(name, {
      sha256: earlier === undefined ? sha256 : `${earlier.sha256} ${sha256}`,
      text: earlier === undefined ? text : `${earlier.text}, ${text}`,
    });
  }
  return fields;
}

function textOf(document: Buffer, type: number, offset: number, length: number): string {
  encoder.out.clear();
  if (length > TOLD_BYTES) return `… (${length} bytes)`;
  const isSaid = encoder.encodeValue(document, type, offset, offset + length);
  const text = isSaid
    ? encoder.out.written().toString("utf8")
    : document.toString("base64", offset, offset + length);
  return text.length <= TOLD_CHARACTERS
    ? text
    : `${Array.from(text.slice(0, TOLD_CHARACTERS)).slice(0, -1).join("")}… (${length} bytes)`;
}

/** All documents of one side, in any order. */
export type Side = (take: (document: Buffer) => void) => Promise<void>;

/** Returns the `_id` as canonical Extended JSON, in base64 if that is impossible. Empty if there is none. */
export function idText(document: Buffer): string {
  for (const [type, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    if (document.toString("latin1", nameAt, nameAt + nameLength) !== "_id") continue;
    encoder.out.clear();
    return encoder.encodeValue(document, type & 0xff, offset, offset + length)
      ? encoder.out.written().toString("utf8")
      : document.toString("base64", offset, offset + length);
  }
  return "";
}

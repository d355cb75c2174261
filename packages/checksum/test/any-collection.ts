import { BSON } from "bson";
import fc from "fast-check";
import { anyDocument } from "@firebreak/testing/documents/any-document";
import { leaf, type Value } from "@firebreak/testing/documents/any-value";
import { documentOf, element } from "@firebreak/testing/documents/bson-bytes";

const FIELDS = ["_id", "a", "b", "c", "d", "e"];

/** Documents of any kinds, which make few columns of one kind and much that no column can say. */
const anyDocuments = fc.array(anyDocument.filter(isListed), { maxLength: 12 });

/** Documents whose fields are of one kind each, now and then of another: what typed columns are made of. */
const evenDocuments = fc
  .tuple(
    fc.array(leaf, { minLength: 80, maxLength: 120 }),
    fc.array(fc.nat(), { minLength: FIELDS.length, maxLength: FIELDS.length }),
    fc.array(fc.array(fc.nat(19), { minLength: FIELDS.length, maxLength: FIELDS.length }), { maxLength: 30 }),
  )
  .map(([pool, choices, rows]) => {
    const ofKind = FIELDS.map((_, f) => {
      const { type } = pool[choices[f]! % pool.length]!;
      return pool.filter((value) => value.type === type);
    });
    return rows.map((row, n) =>
      documentOf(FIELDS.map((name, f) => fieldOf(name, valueOf(pool, ofKind[f]!, row[f]!, n)))),
    );
  });

/** One in twenty is of any kind. */
function valueOf(pool: readonly Value[], ofKind: readonly Value[], chance: number, n: number): Value {
  return chance === 0 ? pool[n % pool.length]! : ofKind[(n * 7 + chance) % ofKind.length]!;
}

function fieldOf(name: string, { type, bytes }: Value): Buffer {
  return element(type, name, bytes);
}

/** What a collection may hold, hostile values included: as hex, the way dumps are written. */
export const anyCollection: fc.Arbitrary<string[]> = fc
  .oneof(anyDocuments, { weight: 2, arbitrary: evenDocuments })
  .map((documents) => documents.map((d) => d.toString("hex")));

/** Whether a dump can have it, and its fields can be told apart. */
function isListed(bytes: Buffer): boolean {
  try {
    BSON.onDemand.parseToElements(bytes);
    return bytes.at(-1) === 0;
  } catch {
    return false;
  }
}

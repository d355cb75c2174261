import { deserialize, EJSON, serialize, type Document } from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineDecoder } from "../../src/line/reading/decode-line.ts";
import { LineEncoder } from "../../src/line/writing/encode-line.ts";
import { LineWriter } from "../../src/line/writing/line-writer.ts";
import { RAW_LINE_START } from "../../src/line/raw-line.ts";
import { anyDocument, plainDocument } from "@firebreak/testing/documents/any-document";

// For a long run: FIREBREAK_FUZZ_RUNS=1000000 pnpm exec vitest run packages/archive/test/line/fuzz.test.ts
const runs = Number(process.env["FIREBREAK_FUZZ_RUNS"] ?? 5000);
const limits = { timeout: 120_000 + runs * 20 };

const encoder = new LineEncoder();
const decoder = new LineDecoder();

/** The line of a document by the encoder alone, unproved. */
function lineOf(document: Buffer): Buffer {
  encoder.out.clear();
  encoder.encode(document, 0, document.length);
  return Buffer.from(encoder.out.written());
}

function documentOfLine(line: Buffer): Buffer {
  decoder.out.clear();
  decoder.decode(line, 0, line.length);
  return Buffer.from(decoder.out.written());
}

const isRaw = (line: Buffer): boolean => line.toString("latin1").startsWith(RAW_LINE_START);

/** Whether the library's own text keeps the document. */
function isKeptByBson(document: Buffer): boolean {
  try {
    const read = deserialize(document, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
    return document.equals(
      serialize(EJSON.parse(EJSON.stringify(read, { relaxed: false }), { relaxed: false }) as Document),
    );
  } catch {
    return false;
  }
}

test(
  `${runs} documents come back from their lines byte for byte, and the proof replaces none`,
  limits,
  () => {
    const writer = new LineWriter();
    fc.assert(
      fc.property(anyDocument, (document) => {
        const line = lineOf(document);
        expect(documentOfLine(line).equals(document)).toBe(true);
        writer.out.clear();
        writer.write(document, 0, document.length);
        expect(writer.out.written().equals(line)).toBe(true);
      }),
      { numRuns: runs },
    );
  },
);

test("documents that text can say have a line of text", limits, () => {
  fc.assert(
    fc.property(plainDocument, (document) => {
      expect(isRaw(lineOf(document))).toBe(false);
    }),
    { numRuns: runs / 5 },
  );
});

test("where the bson library's text keeps a document, ours read by the library does, too", limits, () => {
  let compared = 0;
  fc.assert(
    fc.property(plainDocument, (document) => {
      const line = lineOf(document);
      if (isRaw(line) || !isKeptByBson(document)) return;
      compared++;
      const read = EJSON.parse(line.toString(), { relaxed: false }) as Document;
      expect(Buffer.from(serialize(read)).toString("hex")).toBe(document.toString("hex"));
    }),
    { numRuns: runs },
  );
  expect(compared).toBeGreaterThan(runs / 20);
});

const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("flip", "put", "insert", "remove", "repeat"),
  byte: fc.oneof(
    fc.constantFrom(...Buffer.from('"\\{}[],:0123456789.-+eE$u/= \nabAB')),
    fc.constantFrom(0, 0x1f, 0x7f, 0x80, 0xc3, 0xed, 0xff),
    fc.nat(255),
  ),
});

test("a line with bytes changed is refused, or is the very line of what it decodes to", limits, () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(anyDocument, fc.array(change, { minLength: 1, maxLength: 3 }), (document, changes) => {
      const bytes = [...lineOf(document)];
      for (const { at, kind, byte } of changes) {
        const i = at % bytes.length;
        if (kind === "flip") bytes[i] = bytes[i]! ^ (1 << (byte & 7));
        else if (kind === "put") bytes[i] = byte;
        else if (kind === "insert") bytes.splice(i, 0, byte);
        else if (kind === "remove") bytes.splice(i, 1);
        else bytes.splice(i, 0, ...bytes.slice(i, i + (byte % 30)));
      }
      const line = Buffer.from(bytes);
      let decoded: Buffer;
      try {
        decoded = documentOfLine(line);
      } catch {
        refused++;
        return;
      }
      accepted++;
      const expected = isRaw(line) ? rawLineOf(decoded) : lineOf(decoded).toString("latin1");
      expect(line.toString("latin1")).toBe(expected);
    }),
    { numRuns: runs },
  );
  expect(accepted).toBeGreaterThan(runs / 50);
  expect(refused).toBeGreaterThan(runs / 50);
});

function rawLineOf(document: Buffer): string {
  return `${RAW_LINE_START}${document.toString("base64")}"}}`;
}

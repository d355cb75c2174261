import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LineDecoder } from "../../src/line/reading/decode-line.ts";
import { LineWriter } from "../../src/line/writing/line-writer.ts";
import { RAW_LINE_START } from "../../src/line/raw-line.ts";

/** A file of the corpus of MongoDB's driver specifications (bson-corpus). */
interface CorpusFile {
  readonly valid?: readonly {
    readonly description: string;
    readonly canonical_bson: string;
    readonly canonical_extjson: string;
    readonly degenerate_bson?: string;
    readonly lossy?: boolean;
  }[];
  readonly decodeErrors?: readonly { readonly description: string; readonly bson: string }[];
  readonly parseErrors?: readonly { readonly description: string; readonly string: string }[];
}

const folder = join(import.meta.dirname, "../../../../../shared/data/bson-corpus");
const isMissing = !existsSync(folder);
const files = isMissing
  ? []
  : readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as CorpusFile);

const valid = files.flatMap((file) => file.valid ?? []);
const decodeErrors = files.flatMap((file) => file.decodeErrors ?? []);
const parseErrors = files.flatMap((file) => file.parseErrors ?? []);
const degenerate = valid.filter((v) => v.degenerate_bson !== undefined);

const writer = new LineWriter();
const decoder = new LineDecoder();

function lineOf(document: Buffer): string {
  writer.out.clear();
  writer.write(document, 0, document.length);
  return writer.out.written().toString();
}

function hexOf(line: string): string {
  const bytes = Buffer.from(line);
  decoder.out.clear();
  decoder.decode(bytes, 0, bytes.length);
  return decoder.out.written().toString("hex");
}

describe.skipIf(isMissing)(`the BSON corpus${isMissing ? ` (skipped: ${folder} is not there)` : ""}`, () => {
  test(`holds something: ${valid.length} valid documents, ${decodeErrors.length} broken ones, ${parseErrors.length} broken texts`, () => {
    expect(valid.length).toBeGreaterThan(700);
    expect(decodeErrors.length).toBeGreaterThan(70);
    expect(parseErrors.length).toBeGreaterThan(170);
  });

  test("has valid documents, all of which come back from their lines byte for byte", () => {
    for (const { description, canonical_bson } of valid)
      expect(hexOf(lineOf(Buffer.from(canonical_bson, "hex"))), description).toBe(
        canonical_bson.toLowerCase(),
      );
  });

  test("has documents that drivers write otherwise, which come back as they are, too", () => {
    for (const { description, degenerate_bson = "" } of degenerate)
      expect(hexOf(lineOf(Buffer.from(degenerate_bson, "hex"))), description).toBe(
        degenerate_bson.toLowerCase(),
      );
  });

  test("has the very lines that we write, but for some of the documents that it says its text loses: those are raw", () => {
    for (const { description, canonical_bson, canonical_extjson, lossy } of valid) {
      const line = lineOf(Buffer.from(canonical_bson, "hex"));
      if (line.startsWith(RAW_LINE_START)) expect(lossy, description).toBe(true);
      else expect(line, description).toBe(JSON.stringify(JSON.parse(canonical_extjson)));
    }
  });

  test("has broken documents, which are kept as they are if their length is theirs, else refused", () => {
    for (const { description, bson } of decodeErrors) {
      const document = Buffer.from(bson, "hex");
      if (document.length < 5 || document.readInt32LE(0) !== document.length)
        expect(() => lineOf(document), description).toThrow();
      else {
        const line = lineOf(document);
        expect(line.startsWith(RAW_LINE_START), description).toBe(true);
        expect(hexOf(line), description).toBe(bson.toLowerCase());
      }
    }
  });

  test("has broken texts, none of which is a line", () => {
    for (const { description, string } of parseErrors)
      expect(() => hexOf(withoutSpace(string)), description).toThrow();
  });
});

/** As a line would have it, so that it is not refused for its white space alone. */
function withoutSpace(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

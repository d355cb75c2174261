import { Binary, Decimal128, EJSON } from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { saying } from "@firebreak/testing/command-line/worded";
import { LineDecoder, LineEncoder } from "../../../archive/src/index.ts";
import { RowLineWriter, UnsayableCharacters, type LineForm, type ServerCell } from "../../src/index.ts";

/** A server's value in a form, and what a line says of it by bson's own reader. */
interface Sent {
  readonly form: LineForm;
  readonly cell: ServerCell;
  readonly value: unknown;
}

const text = (sent: string): Buffer => Buffer.from(sent, "utf8");
const sent = (form: LineForm, cell: string, value: unknown): Sent => ({ form, cell: text(cell), value });
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const digits = (most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: most });

const anySent: fc.Arbitrary<Sent> = fc.oneof(
  fc.integer().map((n) => sent("int32", String(n), { $numberInt: String(n) })),
  fc.bigInt(int64).map((n) => sent("int64", String(n), { $numberLong: String(n) })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => {
    const name = n < 2n ** 63n ? "$numberLong" : "$numberDecimal";
    return sent("uint64", String(n), { [name]: String(n) });
  }),
  fc.nat().map((n) => sent("int32", String(n).padStart(12, "0"), { $numberInt: String(n) })),
  fc.tuple(fc.boolean(), digits(17), digits(17)).map(([isNegative, whole, fraction]) => {
    const decimal = `${isNegative && /[1-9]/.test(whole + fraction) ? "-" : ""}${whole}.${fraction}`;
    return sent("decimal", decimal, { $numberDecimal: Decimal128.fromString(decimal).toString() });
  }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((n) => sent("double", Object.is(n, -0) ? "-0" : String(n), { $numberDouble: n })),
  fc
    .date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    })
    .map((date) => {
      const written = date.toISOString().replace("T", " ").replace("Z", "");
      return sent("datetime", written, { $date: { $numberLong: String(date.getTime()) } });
    }),
  fc
    .constantFrom("0000-00-00", "2024-02-31", "2023-02-29", "2024-00-15", "1900-02-29")
    .map((t) => sent("date", t, t)),
  fc.string({ unit: "binary" }).map((t) => sent("characters", t, t)),
  fc.string({ unit: "grapheme-ascii" }).map((t) => sent("text", t, t)),
  fc
    .uint8Array()
    .map((bytes) => ({ form: "binary" as const, cell: Buffer.from(bytes), value: binary(bytes) })),
  fc.uint8Array().map((bytes) => ({
    form: "characters" as const,
    cell: Buffer.concat([bytes, Uint8Array.of(0xff)]),
    value: binary(Buffer.concat([bytes, Uint8Array.of(0xff)])),
  })),
  fc.uint8Array().map((bytes) => ({
    form: "characters" as const,
    cell: new UnsayableCharacters(Buffer.from(bytes)),
    value: binary(bytes),
  })),
  fc
    .constantFrom<LineForm>("int32", "double", "binary", "datetime")
    .map((form) => ({ form, cell: null, value: null })),
);

function binary(bytes: Uint8Array): unknown {
  return JSON.parse(EJSON.stringify(new Binary(Buffer.from(bytes)), { relaxed: false }));
}

/** The spelling of doubles is tried with those of documents; here their bits count. */
function numberOfDouble(name: string, value: unknown): unknown {
  return name === "$numberDouble" ? Number(value) : value;
}

function lineOf(row: readonly Sent[], names: (i: number) => string = (i) => `c${i}`): string {
  const writer = new RowLineWriter(row.map(({ form }, i) => ({ name: names(i), form })));
  writer.write(row.map((s) => s.cell));
  return writer.out.written().toString("utf8");
}

/** The line of a line's document: the same, where it is canonical. */
function again(line: string): string {
  const decoder = new LineDecoder();
  const encoder = new LineEncoder();
  const bytes = Buffer.from(line);
  decoder.decode(bytes, 0, bytes.length);
  encoder.encode(Buffer.from(decoder.out.written()), 0, decoder.out.at);
  return encoder.out.written().toString("utf8");
}

describe("a row's line", () => {
  test("says each value as bson would, in the columns' order", () => {
    fc.assert(
      fc.property(fc.array(anySent, { minLength: 1, maxLength: 12 }), (row) => {
        const fields = Object.entries(JSON.parse(lineOf(row), numberOfDouble) as object);
        expect(fields).toEqual(row.map(({ value }, i) => [`c${i}`, value]));
      }),
    );
  });

  test("is spelled as the line of its document is", () => {
    fc.assert(
      fc.property(fc.array(anySent, { minLength: 1, maxLength: 12 }), (row) => {
        const line = lineOf(row);
        expect(again(line)).toBe(line);
      }),
    );
  });

  test("is a raw one where a column's name would mean a type, and has the names in it", () => {
    fc.assert(
      fc.property(fc.array(anySent, { minLength: 1, maxLength: 5 }), (row) => {
        const line = lineOf(row, (i) => (i === 0 ? "$date" : `é${i}`));
        expect(line).toMatch(/^{"\$firebreak":{"bson":/);
        expect(again(line)).toBe(line);
        const { $firebreak } = JSON.parse(line) as { $firebreak: { bson: string } };
        expect(Buffer.from($firebreak.bson, "base64").includes(Buffer.from("$date\0"))).toBe(true);
      }),
    );
  });

  test("is the same where it is written in pieces, also of values of megabytes", () => {
    const large: Sent[] = [
      sent("int32", "1", undefined),
      sent("characters", "é\n".repeat(900_000), undefined),
      { form: "binary", cell: Buffer.alloc(1_000_001, 7), value: undefined },
      { form: "characters", cell: Buffer.alloc(700_000, 0xe9), value: undefined },
      { form: "characters", cell: new UnsayableCharacters(Buffer.alloc(500_000, 1)), value: undefined },
      sent("binary", "", undefined),
    ];
    const writer = new RowLineWriter(large.map(({ form }, i) => ({ name: `c${i}`, form })));
    const pieces: Buffer[] = [];
    const take = (): void => {
      pieces.push(Buffer.from(writer.out.written()));
      writer.out.clear();
    };
    for (const _ of writer.writeInPieces(large.map((s) => s.cell))) take();
    take();
    expect(Buffer.concat(pieces).toString("utf8")).toBe(lineOf(large));
    expect(Math.max(...pieces.map((p) => p.length))).toBeLessThan(3 << 20);
  });

  test.each([
    ["int32", "1.5"],
    ["int64", ""],
    ["uint64", "one"],
    ["decimal", "1e5"],
    ["double", "nan"],
  ] as const)("of a %s that is %j is refused, and leaves nothing behind", (form, cell) => {
    const writer = new RowLineWriter([
      { name: "a", form: "text" },
      { name: "b", form },
    ]);
    expect(() => writer.write([text("x"), text(cell)])).toThrow(saying(/is no/));
    expect(writer.out.at).toBe(0);
  });
});

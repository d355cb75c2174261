import { Decimal128 } from "bson";
import {
  doubleText,
  fieldsOf,
  fromByteText,
  kindOf,
  contentOf,
  decimalParts,
  LineEncoder,
  LineDecoder,
  LineFields,
  RAW_LINE_START,
  rawFields,
  toByteText,
  type ReadLine,
} from "@firebreak/archive";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyDocument } from "@firebreak/testing/documents/any-document";
import { bsonElement } from "../src/survey/bson-element.ts";
import { columnComment, kindOfComment, type ColumnPlan } from "@firebreak/mysql-format";
import { emptyCollectionSurvey, surveyField } from "../src/survey/collection-survey.ts";
import { GenericDocumentMapper } from "../src/collections/generic-document.ts";
import { RowMapper } from "../src/tables/row-mapper.ts";
import { planTable } from "../src/tables/table-plan.ts";

const encoder = new LineEncoder();
const decoder = new LineDecoder();

/** A line as `readLines` gives it. */
function readLine(line: string): ReadLine {
  const isRaw = line.startsWith(RAW_LINE_START);
  if (isRaw) {
    const sayable = (rawFields(line) ?? []).flatMap(({ name, text }) =>
      name === undefined || text === undefined ? [] : [{ name, text }],
    );
    return { line, number: 1, isRaw, fields: fieldsOf(sayable) };
  }
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return { line, number: 1, isRaw, fields };
}

/** The byte text of a document's line. */
function lineOf(bson: Buffer): string {
  encoder.out.clear();
  encoder.encode(bson, 0, bson.length);
  return encoder.out.written().toString("latin1");
}

/** What a MySQL gives for a cell that it was given: as an export of the table would write it. */
function exported({ rule }: ColumnPlan, cell: string | null): string {
  if (cell === null) return "null";
  switch (rule.kind) {
    case "integer":
      return `{"$number${rule.bits === 32 ? "Int" : "Long"}":"${cell}"}`;
    case "boolean":
      return `{"$numberInt":"${cell}"}`;
    case "double":
      return `{"$numberDouble":"${doubleText(Number(cell))}"}`;
    case "decimal":
      return rule.precision <= 34
        ? `{"$numberDecimal":"${Decimal128.fromString(cell).toString()}"}`
        : `"${cell}"`;
    case "date":
      return `{"$date":{"$numberLong":"${Date.parse(`${cell.replace(" ", "T")}Z`)}"}}`;
    case "binary":
    case "uuid":
    case "uuidLegacy":
      return `{"$binary":{"base64":"${cell}","subType":"00"}}`;
    case "string":
    case "objectId":
    case "nested":
    case "keyText":
    case "extra":
      return toByteText(JSON.stringify(fromByteText(cell)));
  }
}

/** One top-level element of a document, in byte text. */
interface Element {
  readonly name: string;
  readonly bytes: string;
}

/** The line of the document that these elements make. */
function lineOfElements(elements: readonly Buffer[]): string {
  const length = Buffer.alloc(4);
  length.writeInt32LE(elements.reduce((sum, e) => sum + e.length, 5));
  return lineOf(Buffer.concat([length, ...elements, Buffer.alloc(1)]));
}

/** The top-level elements of a document, in order. */
function elementsOf(line: string): Element[] {
  decoder.out.clear();
  const bytes = Buffer.from(line, "latin1");
  decoder.decode(bytes, 0, bytes.length);
  const raw = `${RAW_LINE_START}${decoder.out.written().toString("base64")}"}}`;
  return rawFields(raw)!.map(({ element }) => {
    const end = element.indexOf(0, 1);
    return { name: element.toString("latin1", 1, end), bytes: element.toString("latin1") };
  });
}

/** The value that comes back of one that has been in a column: equal, but for the width of integers and zeros of decimals. */
function afterColumn({ rule }: ColumnPlan, text: string): string {
  const kind = kindOf(text);
  const content = contentOf(text, kind);
  if (rule.kind === "integer")
    return `{"$number${rule.bits === 32 || rule.valueBits === 32 ? "Int" : "Long"}":"${content}"}`;
  if (rule.kind === "double") return `{"$numberDouble":"${doubleText(Number(content))}"}`;
  if (rule.kind !== "decimal") return text;
  const { digits, exponent, isNegative } = decimalParts(content)!;
  const sign = isNegative ? "-" : "";
  const isWhole = exponent > 0 && digits.length + exponent <= 34;
  const spelled = isWhole ? `${sign}${digits}${"0".repeat(exponent)}` : `${sign}${digits || "0"}E${exponent}`;
  return `{"$numberDecimal":"${Decimal128.fromString(spelled).toString()}"}`;
}

function lineBack(mapped: ReturnType<GenericDocumentMapper["map"]>): string {
  if (mapped.kind === "quarantine") throw new Error(`${mapped.reason} ${mapped.field}`);
  if (mapped.kind === "line") return mapped.line;
  return lineOfElements(mapped.elements);
}

test("any document that was a row is itself again, its columns first, but for what a column does not keep", () => {
  const counts = { back: 0, raw: 0 };
  fc.assert(
    fc.property(fc.array(anyDocument, { minLength: 1, maxLength: 6 }), (documents) => {
      const lines = documents.map(lineOf);
      const survey = emptyCollectionSurvey();
      for (const { line, fields } of lines.map(readLine)) {
        survey.lineCount++;
        survey.maxLineBytes = Math.max(survey.maxLineBytes, line.length);
        for (let i = 0; i < fields.count; i++)
          surveyField(survey, fields.names[i]!, fields.kinds[i]!, fields.contents[i]!);
      }
      const plan = planTable("d.c", "d", "c", survey);
      const kinds = new Map(plan.columns.map(({ name, rule }) => [name, kindOfComment(columnComment(rule))]));
      const there = new RowMapper(plan);
      const back = new GenericDocumentMapper({ collection: "c", kinds });
      for (const line of lines) {
        const row = there.map(readLine(line));
        if (row.kind === "quarantine") continue;
        const cells = plan.columns.map((column, i) =>
          bsonElement(column.name, exported(column, row.cells[i]!)),
        );
        const found = elementsOf(lineBack(back.map(readLine(lineOfElements(cells)))));
        const isInColumn = (name: string): number =>
          plan.columns.findIndex(
            (c, i) => c.rule.kind !== "extra" && toByteText(c.name) === name && row.cells[i] !== null,
          );
        const read = readLine(line);
        const texts = new Map<string, string>();
        for (let i = 0; i < read.fields.count; i++)
          texts.set(toByteText(read.fields.names[i]!), read.fields.text(i));
        const expected = elementsOf(line).map((element): Element => {
          const column = isInColumn(element.name);
          if (column < 0) return element;
          const text = afterColumn(plan.columns[column]!, texts.get(element.name)!);
          const bytes = bsonElement(fromByteText(element.name), text).toString("latin1");
          return { name: element.name, bytes };
        });
        const inColumns = expected.filter((e) => isInColumn(e.name) >= 0);
        const others = expected.filter((e) => isInColumn(e.name) < 0);
        inColumns.sort((a, b) => isInColumn(a.name) - isInColumn(b.name));
        expect(found).toEqual([...inColumns, ...others]);
        counts.back++;
        if (read.isRaw) counts.raw++;
      }
    }),
    { numRuns: 1000 },
  );
  expect(counts.back).toBeGreaterThan(300);
  expect(counts.raw).toBeGreaterThan(10);
});

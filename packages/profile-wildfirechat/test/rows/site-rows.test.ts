import { LineFields, type ReadLine } from "@firebreak/archive";
import { EJSON, Int32, Long, Binary, type Document } from "bson";
import { describe, expect, test } from "vitest";
import {
  chatSite,
  siteJdbcZone,
  siteSessionZone,
  type Fate,
  type SiteTableRow,
} from "../../../../fixtures/src/index.ts";
import { collapse } from "../../src/collapse.ts";
import { DEFAULT_FIELD_NAMES } from "../../src/documents/field-names.ts";
import { SiteRows, rowKey, type HybridSettings } from "../../src/rows/site-rows.ts";
import { messageTable, serverTable, userMessageTable } from "../../src/target/server-tables.ts";
import { documentText } from "../support/site-values.ts";

const settings: HybridSettings = {
  names: DEFAULT_FIELD_NAMES,
  zones: { jvm: "UTC", jdbc: siteJdbcZone, session: siteSessionZone },
  privateForm: "plain",
  expiryMs: 0,
};

/** A row as an archive of MySQL has it. */
function lineOf(row: Document): Pick<ReadLine, "line" | "isRaw" | "fields"> {
  const document = Object.entries(row).map(([name, value]): [string, unknown] => {
    if (name === "_dt") return [name, new Date(`${(value as string).replace(" ", "T")}Z`)];
    if (typeof value === "bigint") return [name, Long.fromBigInt(value)];
    if (typeof value === "number") return [name, new Int32(value)];
    return [name, value instanceof Uint8Array ? new Binary(value) : value];
  });
  const text = EJSON.stringify(Object.fromEntries(document), { relaxed: false });
  const line = Buffer.from(text).toString("latin1");
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return { line, isRaw: false, fields };
}

function shardOf(name: string): number {
  const table = serverTable(name);
  return table.kind === "other" ? -1 : table.shard;
}

type Kind = "messages" | "userMessages";

/** What becomes of all rows, twins settled: one text a row, in their order. */
function found(kind: Kind, rows: readonly SiteTableRow[]): string[] {
  const mappers = new Map<string, SiteRows>();
  const name = kind === "messages" ? messageTable : userMessageTable;
  const outcomes = rows.map(({ table, row }) => {
    const mapper = mappers.get(table) ?? new SiteRows(kind, shardOf(table), settings);
    mappers.set(table, mapper);
    return mapper.map(lineOf(row));
  });
  const keyOf = (i: number): string => {
    const outcome = outcomes[i]!;
    return outcome.kind === "quarantine" ? `refused ${i}` : outcome.duplicate.key;
  };
  const texts = new Array<string>(rows.length);
  for (const twins of Map.groupBy(rows.keys(), keyOf).values()) {
    const settled = collapse(
      twins.map((i) => {
        const outcome = outcomes[i]!;
        if (outcome.kind === "quarantine") return { i, id: 0n, identity: "" };
        return { i, id: outcome.duplicate.rank, identity: outcome.duplicate.identity };
      }),
    );
    if (settled.kind === "collapsed") for (const { i } of settled.others) texts[i] = "collapsed";
    else for (const { i } of settled.rows) texts[i] = "key-conflict";
  }
  outcomes.forEach((outcome, i) => {
    if (outcome.kind === "quarantine") texts[i] = `${outcome.reason} ${outcome.field}`;
    else {
      const line = `{${outcome.fields.map((f) => `${JSON.stringify(f.name)}:${f.text}`).join(",")}}`;
      const document = EJSON.parse(Buffer.from(line, "latin1").toString(), { relaxed: false }) as Document;
      texts[i] ??= `${outcome.kind} ${name(outcome.shard)} ${documentText(document)}`;
    }
  });
  return texts;
}

function expected({ fate }: { readonly fate: Fate<Document> }): string {
  switch (fate.kind) {
    case "carried":
      return `document ${fate.place} ${documentText(fate.result)}`;
    case "moved":
      return `moved ${fate.place} ${documentText(fate.result)}`;
    case "quarantine":
      return fate.reason === "key-conflict" ? "key-conflict" : `${fate.reason} ${fate.field}`;
    default:
      return fate.kind;
  }
}

describe("lines of a pure MySQL site become the documents that its log says", () => {
  const sized = (messageCount: number) => chatSite({ seed: 12, messageCount, jvmZone: "UTC" });

  test("messages", () => {
    const rows = [...sized(6000).mysqlMessages()];
    const texts = found("messages", rows);
    rows.forEach((row, i) => expect(texts[i]).toBe(expected(row)));
    expect(texts.filter((text) => text === "collapsed").length).toBeGreaterThan(5);
    expect(texts.filter((text) => text === "key-conflict").length).toBeGreaterThan(5);
  });

  test("users' rows", () => {
    const rows = [...sized(1500).mysqlUserMessages()];
    const texts = found("userMessages", rows);
    rows.forEach((row, i) => expect(texts[i]).toBe(expected(row)));
    expect(texts.filter((text) => text === "collapsed").length).toBeGreaterThan(20);
  });
});

const row = {
  id: 7,
  _mid: 1n << 57n,
  _from: "a",
  _type: 1,
  _target: "g",
  _line: 0,
  _data: Uint8Array.of(8, 1),
  _searchable_key: 'é😀"\\\n',
  _dt: "2020-01-01 00:00:00",
  _content_type: 1,
  _to: "",
};

test("a column of the site's own is carried as its text, of whatever type", () => {
  const read = lineOf(row);
  const line = `${read.line.slice(0, -1)},"_price":{"$numberDecimal":"1.50"}}`;
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  const outcome = new SiteRows("messages", 0, settings).map({ isRaw: false, fields });
  expect(outcome).toMatchObject({
    fields: expect.arrayContaining([{ name: "_price", text: '{"$numberDecimal":"1.50"}' }]),
  });
});

test("a column of the site's own that has a field's name is refused", () => {
  expect(new SiteRows("messages", 0, settings).map(lineOf({ ...row, _id: 5 }))).toEqual({
    kind: "quarantine",
    reason: "field-name-taken",
    field: "_id",
  });
});

test("of twins in two tables the one in the right table counts, whatever its id", () => {
  const home = new SiteRows("messages", 4, settings).map(lineOf({ ...row, id: 1 }));
  const [shard, rank] = "duplicate" in home ? [home.shard, home.duplicate.rank] : [];
  const there = new SiteRows("messages", shard!, settings).map(lineOf({ ...row, id: 1 }));
  expect("duplicate" in there && there.duplicate.rank > rank!).toBe(true);
});

test("rows of one key have one number, and a row without a key has none", () => {
  expect(rowKey("messages", lineOf(row).fields)).toBe(1n << 57n);
  const entry = { _uid: "u", _seq: 9n };
  expect(rowKey("userMessages", lineOf(entry).fields)).toBe(rowKey("userMessages", lineOf(entry).fields));
  expect(rowKey("userMessages", lineOf({ _uid: "u" }).fields)).toBe(undefined);
  expect(rowKey("messages", lineOf({ ...row, _mid: null }).fields)).toBe(undefined);
});

import { LineFields, type FirebreakError, type ReadLine, type SourceTable } from "@firebreak/archive";
import type { ProfileBeginning, ProfileNamespace, ProfilePlan, ProfileSurvey } from "@firebreak/transform";
import { describe, expect, test } from "vitest";
import { DEFAULT_FIELD_NAMES } from "../src/documents/field-names.ts";
import { firstMessageId } from "../src/documents/message-id.ts";
import { messageTableAt, userShard } from "../src/target/server-tables.ts";
import { readProfileOptions } from "../src/settings/profile-options.ts";
import { KNOWN_COLUMNS } from "../src/rows/row-plan.ts";
import { siteSettings } from "../src/settings/site-settings.ts";
import { wildfirechat } from "../src/support.ts";
import worker from "../src/worker.ts";
import { ZoneClock } from "../src/settings/zone-clock.ts";

const TYPES = { integer: "int", text: "varchar", bytes: "blob", datetime: "datetime", double: "double" };

function tableOf(
  kind: keyof typeof KNOWN_COLUMNS,
  types: Readonly<Record<string, string | null>> = {},
): SourceTable {
  const columns = Object.entries(KNOWN_COLUMNS[kind]).flatMap(([name, { family }]) => {
    const dataType = types[name] === undefined ? TYPES[family] : types[name];
    if (dataType === null) return [];
    return [{ name, dataType, sqlType: dataType, isNullable: false, isGenerated: false, comment: "" }];
  });
  return { createStatement: "", columns, keyColumns: ["id"], indexes: [], comment: "", triggers: [] };
}

function namespace(collection: string, table = tableOf("messages"), database = "im"): ProfileNamespace {
  return { namespace: `${database}.${collection}`, database, collection, lineCount: 1, table };
}

const messages = namespace("t_messages_0");
const entries = namespace("t_user_messages_0", tableOf("userMessages"));

interface Given {
  readonly options?: readonly string[];
  readonly site?: string;
  readonly c3p0?: string;
}

function begin(
  namespaces: readonly ProfileNamespace[],
  { options = [], site, c3p0 }: Given = {},
): ProfileBeginning {
  const files = {
    ...(site === undefined ? {} : { configuration: site }),
    ...(c3p0 === undefined ? {} : { c3p0 }),
  };
  const profile = wildfirechat({
    options: readProfileOptions(options),
    site: site === undefined && c3p0 === undefined ? undefined : siteSettings(files),
    facts: undefined,
    names: DEFAULT_FIELD_NAMES,
  });
  return profile.begin({ to: "mongodb", namespaces, watermarkMs: Date.UTC(2026, 0, 1) });
}

function refusal(work: () => unknown): object {
  try {
    work();
  } catch (error) {
    const { code, exitCode, fields } = error as FirebreakError & { fields: object };
    return { code, exitCode, ...fields };
  }
  throw new Error("nothing was refused");
}

/** A row as an archive has it; `wall` is what `_dt` shows, in UTC's words. */
function lineOf(
  fields: Readonly<Record<string, string>>,
): Pick<ReadLine, "line" | "isRaw" | "number" | "fields"> {
  const line = `{${Object.entries(fields)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(",")}}`;
  const read = new LineFields();
  read.read(line, 0, line.length);
  return { line, isRaw: false, number: 1, fields: read };
}

const long = (value: bigint): string => `{"$numberLong":"${value}"}`;
const date = (ms: number): string => `{"$date":{"$numberLong":"${ms}"}}`;
const int = (value: number): string => `{"$numberInt":"${value}"}`;

function messageLine(sentMs: number, hours: number, target = "b"): ReturnType<typeof lineOf> {
  return lineOf({
    _mid: long(firstMessageId(sentMs)),
    _from: '"a"',
    _type: int(0),
    _target: JSON.stringify(target),
    _dt: date(sentMs + hours * 3_600_000),
  });
}

/** What surveyors find of rows, each in the table of its month by the zone's clock. */
function surveyed(
  beginning: ProfileBeginning,
  rows: readonly (readonly [sentMs: number, zone: string, hours: number, target?: string])[],
): ProfileSurvey | undefined {
  const found = rows.map(([sentMs, zone, hours, target]) => {
    const shard = messageTableAt(sentMs, new ZoneClock(zone));
    const surveyor = worker.surveyor(
      beginning.surveyData("messages", new Map()),
      namespace(`t_messages_${shard}`),
    );
    surveyor.take(messageLine(sentMs, hours, target));
    return surveyor.finish();
  });
  return found.length === 0 ? undefined : found.reduce((a, b) => beginning.merge(a, b));
}

function planOf(beginning: ProfileBeginning, rows: Parameters<typeof surveyed>[1]): ProfilePlan {
  const survey = surveyed(beginning, rows);
  return beginning.plan(new Map(survey === undefined ? [] : [["messages", survey]]));
}

/** Between the two borders of a month. */
const telling = Date.UTC(2025, 2, 31, 20);
const plainTime = Date.UTC(2025, 2, 15);

describe("what is refused before a row is read", () => {
  test("an archive without a table of messages", () => {
    expect(refusal(() => begin([namespace("t_user", tableOf("messages"))]))).toMatchObject({
      code: "profile-foreign",
      exitCode: 6,
    });
  });

  test("messages of two databases", () => {
    const other = namespace("t_messages_1", tableOf("messages"), "other");
    expect(refusal(() => begin([messages, other]))).toMatchObject({
      code: "profile-databases",
      databases: ["im", "other"],
    });
  });

  test("an early column that is missing and one of another type, both at once; late ones may be missing", () => {
    const odd = namespace("t_messages_7", tableOf("messages", { _from: null, _dt: "timestamp", _to: null }));
    expect(refusal(() => begin([messages, odd, entries]))).toMatchObject({
      code: "profile-source-unfit",
      exitCode: 6,
      refusals: [
        { what: "column-missing", table: "t_messages_7", column: "_from" },
        { what: "column-type-unfit", table: "t_messages_7", column: "_dt", type: "timestamp" },
      ],
    });
  });

  test.each(["0", "-1", "24856", "1.5", "never"])("messages that are to be kept for %s days", (days) => {
    const site = `mongodb.data_expire_days ${days}`;
    expect(refusal(() => begin([messages], { site }))).toMatchObject({
      code: "site-expiry-unfit",
      exitCode: 6,
    });
    expect(() => begin([messages], { site: "mongodb.data_expire_days 24855" })).not.toThrow();
  });

  test("rows of MySQL that are to go to MySQL", () => {
    const profile = wildfirechat({
      options: readProfileOptions([]),
      site: undefined,
      facts: undefined,
      names: DEFAULT_FIELD_NAMES,
    });
    const source = { to: "mysql", namespaces: [messages], watermarkMs: 0 } as const;
    expect(refusal(() => profile.begin(source))).toMatchObject({ code: "profile-direction", to: "mysql" });
  });
});

describe("what rows decide", () => {
  const shanghai = [
    [telling, "Asia/Shanghai", 8],
    [plainTime, "Asia/Shanghai", 8],
  ] as const;

  test("the zones and the form of private chats, with how many agree", () => {
    const { decisions, data } = planOf(begin([messages]), shanghai);
    expect(decisions.map(({ setting, value, by }) => `${setting} ${value} ${by}`)).toEqual([
      "zone Asia/Shanghai rows",
      "serverTimezone Asia/Shanghai rows",
      "sessionTimezone Asia/Shanghai default",
      "privateTarget plain rows",
    ]);
    expect(decisions[0]!.evidence).toMatchObject({
      sampleCount: 2,
      tellingCount: 1,
      telling: [
        { candidate: "Asia/Shanghai", agreeCount: 1 },
        { candidate: "UTC", agreeCount: 0 },
      ],
    });
    expect(data).toMatchObject({ zones: { jvm: "Asia/Shanghai" }, privateForm: "plain" });
  });

  test("a zone that was said and that rows speak against is refused, whoever said it", () => {
    const contradicted = { code: "profile-contradicted", exitCode: 6 };
    expect(refusal(() => planOf(begin([messages], { options: ["zone=UTC"] }), shanghai))).toMatchObject({
      ...contradicted,
      setting: "zone",
      value: "UTC",
      by: "option",
    });
    const c3p0 = "<a>jdbc:mysql://h/im?serverTimezone=UTC</a>";
    expect(refusal(() => planOf(begin([messages], { c3p0 }), shanghai))).toMatchObject({
      ...contradicted,
      setting: "serverTimezone",
      by: "site",
    });
  });

  test("the file's zone that hardly a row is in is refused, and taken where a person says it", () => {
    const tokyo = [[telling, "Asia/Shanghai", 9]] as const;
    const c3p0 = "<a>jdbc:mysql://h/im?serverTimezone=GMT%2B8</a>";
    expect(refusal(() => planOf(begin([messages], { c3p0 }), tokyo))).toMatchObject({
      code: "profile-contradicted",
      setting: "serverTimezone",
      by: "site",
    });
    const { decisions } = planOf(begin([messages], { options: ["serverTimezone=GMT+8"] }), tokyo);
    expect(decisions[1]).toMatchObject({ value: "GMT+8", by: "option" });
  });

  test("another name of the zone that rows speak for is taken as it was said", () => {
    const { decisions } = planOf(begin([messages], { options: ["zone=GMT+8"] }), shanghai);
    expect(decisions[0]).toMatchObject({ value: "GMT+8", by: "option" });
  });

  test("rows that cannot tell, or tell of both, are refused with the option that decides", () => {
    const undecided = { code: "profile-undecided", exitCode: 6 };
    const none = [[plainTime, "UTC", 8]] as const;
    expect(refusal(() => planOf(begin([messages]), none))).toMatchObject({ ...undecided, setting: "zone" });
    const both = [...shanghai, [telling, "UTC", 8]] as const;
    expect(refusal(() => planOf(begin([messages]), both))).toMatchObject({ ...undecided, setting: "zone" });
    const forms = [...shanghai, [plainTime, "Asia/Shanghai", 8, "a|b"]] as const;
    expect(refusal(() => planOf(begin([messages]), forms))).toMatchObject({
      ...undecided,
      setting: "privateTarget",
    });
  });

  test("a form of private chats that was said and that rows speak against is refused", () => {
    expect(
      refusal(() => planOf(begin([messages], { options: ["privateTarget=pair"] }), shanghai)),
    ).toMatchObject({
      code: "profile-contradicted",
      setting: "privateTarget",
    });
  });
});

describe("what is made", () => {
  test("all collections of the server, with its indexes and TTL, in the database that the site names", () => {
    const { collections } = planOf(
      begin([messages, entries], { site: "mongodb.database chat\nmongodb.data_expire_days 10" }),
      [],
    );
    expect(collections).toHaveLength(164);
    expect(collections[5]).toMatchObject({
      database: "chat",
      collection: "t_messages_5",
      namespace: "im.t_messages_5",
    });
    expect(collections[0]!.indexTexts.map((text) => JSON.parse(text) as object)).toEqual([
      { v: { $numberInt: "2" }, key: { _id: { $numberInt: "1" } }, name: "_id_" },
      {
        v: { $numberInt: "2" },
        key: { _type: { $numberInt: "1" }, _target: { $numberInt: "1" }, _line: { $numberInt: "1" } },
        name: "_type_1__target_1__line_1",
      },
      {
        v: { $numberInt: "2" },
        key: { _dt: { $numberInt: "-1" } },
        name: "_dt_-1",
        expireAfterSeconds: { $numberInt: "864000" },
      },
      { v: { $numberInt: "2" }, key: { _from: { $numberInt: "1" } }, name: "_from_1" },
    ]);
    expect(collections[36 + 127]!.collection).toBe("t_user_messages_127");
  });

  test("other tables stay in a hybrid, and go over where all is to be in MongoDB", () => {
    expect(begin([messages]).others).toBe("stay");
    expect(begin([messages], { options: ["scheme=mongodb"] }).others).toBe("generic");
  });

  test("a row in the wrong table goes to the collection of its user, and is remarked", () => {
    const beginning = begin([entries]);
    const { data, collections } = planOf(beginning, []);
    const lookup = { has: () => false, find: () => [] };
    const right = userShard("ann");
    const wrong = namespace(`t_user_messages_${(right + 1) % 128}`, tableOf("userMessages"));
    const mapped = worker
      .documentMapper(data, wrong, lookup)
      .map(
        lineOf({ _mid: long(1n << 57n), _uid: '"ann"', _seq: long(5n), _dt: date(plainTime) }) as ReadLine,
      );
    if (mapped.kind !== "mapped") throw new Error(mapped.kind);
    expect(mapped.remarks).toContain("moved");
    expect(collections[mapped.outputs[0]!.target]!.collection).toBe(`t_user_messages_${right}`);
  });

  test("a column whose name Extended JSON has taken sends its rows to quarantine", () => {
    const { data } = planOf(begin([messages]), []);
    const mapper = worker.documentMapper(data, messages, { has: () => false, find: () => [] });
    const read = { ...lineOf({ _mid: long(1n) }), isRaw: true };
    expect(mapper.map(read as ReadLine)).toMatchObject({ kind: "quarantine", reason: "field-name-taken" });
  });
});

// @module-tag slow
import { describe, expect, test } from "vitest";
import {
  chatSite,
  chatSiteSizes,
  siteHorizonMs,
  siteJdbcZone,
  siteNowMs,
  siteSessionZone,
  type ChatSite,
  type Fate,
} from "../../../fixtures/src/index.ts";
import { collapse, messageIdentity, userMessageIdentity } from "../src/collapse.ts";
import { COMMUNITY_FACTS } from "../src/target/community-facts.ts";
import { DEFAULT_FIELD_NAMES } from "../src/documents/field-names.ts";
import { messageHeadOf, type MessageHead } from "../src/documents/message-head.ts";
import { MessageToRow } from "../src/rows/message-to-row.ts";
import type { DocumentOutcome, RowOutcome } from "../src/outcome.ts";
import type { PrivateForm } from "../src/target/private-target.ts";
import { retentionHorizon } from "../src/retention.ts";
import { planTarget, type TargetPlan } from "../src/rows/row-plan.ts";
import { RowToMessage } from "../src/documents/row-to-message.ts";
import { RowToUserMessage } from "../src/documents/row-to-user-message.ts";
import { messageTable, serverTable, userMessageTable } from "../src/target/server-tables.ts";
import { UserMessageToRow } from "../src/rows/user-message-to-row.ts";
import { ZoneClock } from "../src/settings/zone-clock.ts";
import {
  bsonOf,
  documentText,
  documentValues,
  fieldValues,
  messageDocumentOf,
  messageRowOf,
  namedRow,
  rowValues,
  textOf,
  userDocumentOf,
  userRowOf,
} from "./support/site-values.ts";
import type { ChatTargetFacts } from "../src/target/target-facts.ts";

type JvmZone = "UTC" | "Asia/Shanghai";

/** The community layout with room for both uids in a message's `_target`. */
const wideFacts: ChatTargetFacts = {
  ...COMMUNITY_FACTS,
  shapes: COMMUNITY_FACTS.shapes.map((shape) => ({
    ...shape,
    columns: shape.columns.map((c) => (c.name === "_target" ? { ...c, characters: 129 } : c)),
  })),
};

function plansOf(facts: ChatTargetFacts): TargetPlan {
  const planned = planTarget(facts, { isMerge: false });
  if ("refusals" in planned) throw new Error(JSON.stringify(planned.refusals));
  return planned.plan;
}

function mappersOf(zone: JvmZone, privateForm: PrivateForm) {
  const plans = plansOf(privateForm === "plain" ? COMMUNITY_FACTS : wideFacts);
  const jvmZone = new ZoneClock(zone);
  const jdbcZone = new ZoneClock(siteJdbcZone);
  const sessionZone = new ZoneClock(siteSessionZone);
  const horizon = retentionHorizon("3y-1d", siteNowMs, jvmZone);
  const { messages, userMessages } = DEFAULT_FIELD_NAMES;
  return {
    plans,
    toRow: new MessageToRow({
      plans: plans.messages,
      names: messages,
      jvmZone,
      jdbcZone,
      privateForm,
      horizon,
    }),
    toUserRow: new UserMessageToRow({ plans: plans.userMessages, names: userMessages, sessionZone, horizon }),
    toMessage: new RowToMessage({ names: messages, jvmZone, jdbcZone, privateForm, expiryMs: undefined }),
    toUserMessage: new RowToUserMessage({ names: userMessages, sessionZone, expiryMs: undefined }),
  };
}

function shardOf(name: string): number {
  const table = serverTable(name);
  return table.kind === "other" ? -1 : table.shard;
}

/** The line of a report: what became of one thing, as text that two sides can be compared by. */
function expectedLine<T extends object>(fate: Fate<T>, text: (result: T) => string): string {
  if (fate.kind === "quarantine") return `quarantine ${fate.reason} ${fate.field}`;
  return fate.kind === "carried" || fate.kind === "moved"
    ? `${fate.kind} ${fate.place} ${text(fate.result)}`
    : fate.kind;
}

function rowLine(
  outcome: RowOutcome,
  plans: TargetPlan["messages"],
  name: (shard: number) => string,
): string {
  if (outcome.kind === "quarantine") return `quarantine ${outcome.reason} ${outcome.field}`;
  if (outcome.kind === "skipped") return "skipped";
  const kind = outcome.kind === "row" ? "carried" : "moved";
  return `${kind} ${name(outcome.shard)} ${textOf(namedRow(plans[outcome.shard]!, outcome.row))}`;
}

function documentLine(outcome: DocumentOutcome, name: (shard: number) => string): string {
  if (outcome.kind === "quarantine") return `quarantine ${outcome.reason} ${outcome.field}`;
  const kind = outcome.kind === "document" ? "carried" : "moved";
  return `${kind} ${name(outcome.shard)} ${documentText(bsonOf(outcome.fields))}`;
}

/** Up to ten pairs of lines that should be equal and are not, and how many were compared. */
class Comparison {
  readonly differing: { what: string | undefined; expected: string; found: string }[] = [];
  count = 0;

  add(what: string | undefined, expected: string, found: string): void {
    this.count++;
    if (expected !== found && this.differing.length < 10) this.differing.push({ what, expected, found });
  }
}

/** Ids in the order of the log come again at once: twins are neighbours. */
const isTwin = (kind: string): boolean => kind === "collapsed" || kind === "key-conflict";

function fateReason(fate: Fate<object>): string {
  return fate.kind === "quarantine" ? fate.reason : fate.kind;
}

function compareMessages(site: ChatSite, zone: JvmZone, form: PrivateForm): Comparison {
  const { plans, toRow } = mappersOf(zone, form);
  const comparison = new Comparison();
  for (const { collection, document, fate, oddity } of site.hybridMessages(form)) {
    // What lies under one key twice is settled between rows, not by a row alone.
    if (isTwin(fateReason(fate))) continue;
    const outcome = toRow.map(messageDocumentOf(documentValues(document)), shardOf(collection));
    comparison.add(
      oddity,
      expectedLine(fate, (row) => textOf(rowValues(row))),
      rowLine(outcome, plans.messages, messageTable),
    );
  }
  return comparison;
}

function headsOf(site: ChatSite): Map<bigint, MessageHead> {
  const heads = new Map<bigint, MessageHead>();
  for (const { document } of site.hybridMessages()) {
    const message = messageDocumentOf(documentValues(document));
    const head = messageHeadOf(message);
    if (head !== undefined && typeof message.id === "bigint") heads.set(message.id, head);
  }
  return heads;
}

function compareUserMessages(site: ChatSite, zone: JvmZone): Comparison {
  const { plans, toUserRow } = mappersOf(zone, "plain");
  const heads = headsOf(site);
  const comparison = new Comparison();
  for (const { collection, document, fate, oddity } of site.hybridUserMessages()) {
    const entry = userDocumentOf(documentValues(document));
    const wanted = toUserRow.wantedMessage(entry);
    const head = wanted === undefined ? undefined : heads.get(wanted);
    comparison.add(
      oddity,
      expectedLine(fate, (row) => textOf(rowValues(row))),
      rowLine(toUserRow.map(entry, shardOf(collection), head), plans.userMessages, userMessageTable),
    );
  }
  return comparison;
}

describe("a hybrid of size S becomes the rows that its log says", () => {
  const options = { seed: 7, messageCount: chatSiteSizes.S };

  test.each([
    ["Asia/Shanghai", "plain"],
    ["UTC", "pair"],
  ] as const)("messages, in the tables of a JVM in %s, private chats %s", (jvmZone, form) => {
    const comparison = compareMessages(chatSite({ ...options, jvmZone }), jvmZone, form);
    expect(comparison.differing).toEqual([]);
    expect(comparison.count).toBeGreaterThan(chatSiteSizes.S - 100);
  });

  test("users' rows", () => {
    const comparison = compareUserMessages(
      chatSite({ ...options, jvmZone: "Asia/Shanghai" }),
      "Asia/Shanghai",
    );
    expect(comparison.differing).toEqual([]);
    expect(comparison.count).toBeGreaterThan(100_000);
  });

  test("the horizon is the day on which MySQL's tables begin", () => {
    for (const zone of ["UTC", "Asia/Shanghai"])
      expect(retentionHorizon("3y-1d", siteNowMs, new ZoneClock(zone))).toBe(
        (BigInt(siteHorizonMs) - 1_514_736_000_000n) << 21n,
      );
  });
});

describe("a pure MySQL site of size S becomes the documents that its log says", () => {
  const options = { seed: 8, messageCount: chatSiteSizes.S };

  test.each([
    ["Asia/Shanghai", "plain"],
    ["UTC", "pair"],
  ] as const)("messages of a JVM in %s, private chats %s", (jvmZone, form) => {
    const { toMessage } = mappersOf(jvmZone, form);
    const comparison = new Comparison();
    for (const { table, row, fate, oddity } of chatSite({ ...options, jvmZone }).mysqlMessages(form)) {
      if (isTwin(fateReason(fate))) continue;
      const outcome = toMessage.map(messageRowOf(rowValues(row)), shardOf(table));
      comparison.add(oddity, expectedLine(fate, documentText), documentLine(outcome, messageTable));
    }
    expect(comparison.differing).toEqual([]);
    expect(comparison.count).toBeGreaterThan(chatSiteSizes.S - 1000);
  });

  test("users' rows", () => {
    const { toUserMessage } = mappersOf("UTC", "plain");
    const comparison = new Comparison();
    for (const { table, row, fate, oddity } of chatSite({ ...options, jvmZone: "UTC" }).mysqlUserMessages()) {
      if (isTwin(fateReason(fate))) continue;
      const outcome = toUserMessage.map(userRowOf(rowValues(row)), shardOf(table));
      comparison.add(oddity, expectedLine(fate, documentText), documentLine(outcome, userMessageTable));
    }
    expect(comparison.differing).toEqual([]);
    expect(comparison.count).toBeGreaterThan(100_000);
  });
});

describe("twins of one key", () => {
  const options = { seed: 9, messageCount: 5000, jvmZone: "UTC" } as const;

  test("messages that were written twice collapse to the later row, two messages of one id are a conflict", () => {
    const rows = [...chatSite(options).mysqlMessages()];
    const byMid = Map.groupBy(rows, ({ row }) => row["_mid"] as bigint);
    let collapsedCount = 0;
    let conflictCount = 0;
    for (const twins of byMid.values()) {
      const settled = collapse(
        twins.map((twin) => {
          const { id, _from, _type, _target } = rowValues(twin.row);
          const identity = messageIdentity(_from as string, _type as bigint, _target as string);
          return { twin, id: id as bigint, identity };
        }),
      );
      if (settled.kind === "conflict") {
        conflictCount++;
        expect(twins.map(({ fate }) => fateReason(fate))).toEqual(twins.map(() => "key-conflict"));
      } else {
        collapsedCount += settled.others.length;
        expect(["carried", "moved"]).toContain(settled.kept.twin.fate.kind);
        for (const { twin } of settled.others) expect(twin.fate.kind).toBe("collapsed");
      }
    }
    expect(collapsedCount).toBeGreaterThan(5);
    expect(conflictCount).toBeGreaterThan(5);
  });

  test("a user's entries of one _seq collapse where they name one message", () => {
    const rows = [...chatSite(options).mysqlUserMessages()];
    const byKey = Map.groupBy(rows, ({ row }) => `${row["_uid"] as string}\0${row["_seq"] as bigint}`);
    const repeated = [...byKey.values()].filter((twins) => twins.length > 1);
    for (const twins of repeated) {
      const settled = collapse(
        twins.map((twin) => ({
          twin,
          id: BigInt(twin.row["id"] as number),
          identity: userMessageIdentity(twin.row["_mid"] as bigint),
        })),
      );
      const lost = settled.kind === "conflict" ? settled.rows : settled.others;
      const reason = settled.kind === "conflict" ? "key-conflict" : "collapsed";
      expect(lost.map(({ twin }) => fateReason(twin.fate))).toEqual(lost.map(() => reason));
    }
    expect(repeated.length).toBeGreaterThan(50);
  });
});

describe("there and back", () => {
  const options = { seed: 10, messageCount: 4000, jvmZone: "Asia/Shanghai" } as const;

  test.each(["plain", "pair"] as const)(
    "hybrid to MySQL to hybrid: messages end where they began (%s)",
    (form) => {
      const { plans, toRow, toMessage } = mappersOf(options.jvmZone, form);
      const comparison = new Comparison();
      for (const { collection, document, fate } of chatSite(options).hybridMessages(form)) {
        if (fate.kind !== "carried") continue;
        const row = toRow.map(messageDocumentOf(documentValues(document)), shardOf(collection));
        if (row.kind !== "row") throw new Error(row.kind);
        const named = namedRow(plans.messages[row.shard]!, row.row);
        const back = toMessage.map(messageRowOf(named), row.shard);
        if (back.kind !== "document") throw new Error(back.kind);
        const { _dt: _, ...rest } = bsonOf(back.fields);
        const { _dt, ...kept } = document;
        // What was missing has been filled in, and a neighbouring type is the usual one now.
        const filled = {
          ...rest,
          ...kept,
          _type: rest["_type"],
          _line: rest["_line"],
          _to: kept["_to"] ?? "",
        };
        comparison.add(undefined, documentText(filled), documentText(rest));
        if (_dt !== undefined)
          expect(
            Math.abs((bsonOf(back.fields)["_dt"] as Date).getTime() - _dt.getTime()),
          ).toBeLessThanOrEqual(500);
      }
      expect(comparison.differing).toEqual([]);
      expect(comparison.count).toBeGreaterThan(3000);
    },
  );

  test.each(["plain", "pair"] as const)(
    "MySQL to hybrid to MySQL: messages end where they began (%s)",
    (form) => {
      const { plans, toRow, toMessage } = mappersOf(options.jvmZone, form);
      const comparison = new Comparison();
      for (const { table, row, fate, oddity } of chatSite(options).mysqlMessages(form)) {
        if (fate.kind !== "carried") continue;
        const values = rowValues(row);
        const document = toMessage.map(messageRowOf(values), shardOf(table));
        if (document.kind !== "document") throw new Error(document.kind);
        const back = toRow.map(messageDocumentOf(fieldValues(document.fields)), document.shard);
        if (back.kind === "skipped") continue;
        // An id's time that is rounded is `_dt`, but where it was dated on the other side of a half second.
        const { id: _, _dt, ...kept } = values;
        const { _dt: dt, ...named } =
          back.kind === "row" ? namedRow(plans.messages[back.shard]!, back.row) : {};
        comparison.add(oddity, textOf({ ...kept, _to: kept["_to"] ?? "" }), textOf(named));
        expect(Math.abs((dt as Date).getTime() - (_dt as Date).getTime())).toBeLessThanOrEqual(1000);
      }
      expect(comparison.differing).toEqual([]);
      expect(comparison.count).toBeGreaterThan(3000);
    },
  );

  test("users' entries come back to the same rows and the same _id", () => {
    const { plans, toUserRow, toUserMessage } = mappersOf(options.jvmZone, "plain");
    const comparison = new Comparison();
    for (const { table, row, fate, oddity } of chatSite(options).mysqlUserMessages()) {
      if (fate.kind !== "carried") continue;
      const values = rowValues(row);
      const document = toUserMessage.map(userRowOf(values), shardOf(table));
      if (document.kind !== "document") throw new Error(document.kind);
      const entry = userDocumentOf(fieldValues(document.fields));
      expect(toUserRow.wantedMessage(entry)).toBe(undefined);
      const back = toUserRow.map(entry, document.shard);
      if (back.kind !== "row") {
        expect(back.kind).toBe("skipped");
        continue;
      }
      const named = namedRow(plans.userMessages[back.shard]!, back.row);
      const { id: _, ...kept } = values;
      comparison.add(oddity, textOf({ ...kept, _dt: null }), textOf({ ...named, _dt: null }));
      const again = toUserMessage.map(userRowOf(named), back.shard);
      expect(again.kind === "document" && again.fields[0]).toEqual(document.fields[0]);
    }
    expect(comparison.differing).toEqual([]);
    expect(comparison.count).toBeGreaterThan(10_000);
  });
});

import { Binary, Int32, Long, type Document } from "bson";
import type { ColumnFacts, SourceTable } from "@firebreak/archive";
import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import { messageTableOf, userShard } from "../../src/target/server-tables.ts";
import { messageTime } from "../../src/documents/message-id.ts";
import { ZoneClock } from "../../src/settings/zone-clock.ts";
import { CLOCK, lineOf, RECALLED, SiteDraws, type RandomSite, type SiteNamespace } from "./random-site.ts";

interface Stored {
  readonly table: string;
  readonly row: Document;
}

/** The MySQL of a pure MySQL site: messages, users' entries, and a table that no rule knows. */
export class RandomRows implements RandomSite {
  readonly kind = "mysql";
  readonly #draws: SiteDraws;
  /** The key of a row is its table and its `id`. */
  readonly #stored = new Map<string, Stored>();
  #rowId = 0;
  #other = "name-1";

  constructor(seed: number) {
    this.#draws = new SiteDraws(seed);
    for (let i = this.#draws.random.integer(4, 14); i > 0; i--) this.#send();
    for (let i = this.#draws.random.integer(2, 14); i > 0; i--) this.#deliver();
  }

  namespaces(): SiteNamespace[] {
    const found = new Map<string, SiteNamespace>();
    for (const [name, { table, row }] of this.#stored) {
      const shape = SHAPES[table.startsWith("t_messages") ? 0 : 1];
      const namespace = found.get(table) ?? { name: table, table: shape, lines: new Map() };
      namespace.lines.set(name, lineOf(row));
      found.set(table, namespace);
    }
    const other = lineOf({ id: new Int32(1), name: this.#other });
    found.set("t_user", { name: "t_user", table: USER_TABLE, lines: new Map([["1", other]]) });
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  change(): void {
    const { random } = this.#draws;
    for (let i = random.integer(1, 6); i > 0; i--) {
      const deeds = [
        () => this.#send(),
        () => this.#deliver(),
        () => this.#copy("t_messages"),
        () => this.#copy("t_user_messages"),
        () => this.#replace("t_messages", { _data: new Binary(this.#draws.body(1)) }),
        () => this.#replace("t_messages", { _content_type: new Int32(RECALLED) }),
        () => this.#replace("t_user_messages", { _seq: Long.fromNumber(random.integer(1, 4)) }),
        () => this.#remove("t_messages"),
        () => this.#remove("t_user_messages"),
        () => (this.#other = `name-${random.integer(1, 9)}`),
      ] as const;
      random.pick(deeds)();
    }
  }

  #send(): void {
    const { random } = this.#draws;
    const id = this.#draws.id();
    const type = random.integer(0, 1);
    const [from, to] = [this.#draws.person(), this.#draws.person()];
    const right = messageTableOf(id, CLOCK);
    this.#put(`t_messages_${random.chance(0.1) ? (right + 1) % 36 : right}`, {
      _mid: Long.fromBigInt(id),
      _from: from,
      _type: new Int32(type),
      _target: type === 0 ? to : "group",
      _line: new Int32(0),
      _data: random.chance(0.04) ? null : new Binary(this.#draws.body(random.integer(1, 9))),
      _searchable_key: null,
      _dt: wall(id, "Asia/Shanghai", random.chance(0.1) ? 3_600_000 : 0),
      _content_type: new Int32(1),
      _to: null,
    });
  }

  #deliver(): void {
    const { random } = this.#draws;
    const known = this.#draws.one(this.#all("t_messages"))?.row["_mid"] as Long | undefined;
    const id = known?.toBigInt() ?? this.#draws.id();
    const uid = this.#draws.person();
    const right = userShard(uid);
    this.#put(`t_user_messages_${random.chance(0.1) ? (right + 1) % 128 : right}`, {
      _mid: Long.fromBigInt(id),
      _uid: uid,
      _seq: Long.fromNumber(random.integer(1, 4)),
      _dt: wall(id, "UTC", 0),
      _line: new Int32(0),
      _type: new Int32(0),
      _target: "x",
      _directing: new Int32(0),
      _cont_type: new Int32(1),
    });
  }

  /** A second row of the same key: of the same thing or not, here or in another table. */
  #copy(kind: string): void {
    const one = this.#draws.one(this.#all(kind));
    if (one === undefined) return;
    const { random } = this.#draws;
    const odd = kind === "t_messages" ? { _from: "dora" } : { _mid: Long.fromBigInt(this.#draws.id()) };
    const [prefix, shard] = [`${kind}_`, Number(/\d+$/.exec(one.table)![0])];
    const table = random.chance(0.5) ? one.table : `${prefix}${(shard + 1) % 36}`;
    const { id: _, ...row } = one.row;
    this.#put(table, { ...row, ...(random.chance(0.3) ? odd : {}) });
  }

  #replace(kind: string, changes: Document): void {
    const one = this.#draws.one(this.#all(kind));
    if (one === undefined) return;
    const stored = { table: one.table, row: { ...one.row, ...changes } };
    this.#stored.set(nameOf(stored), stored);
  }

  #remove(kind: string): void {
    const one = this.#draws.one(this.#all(kind));
    if (one !== undefined) this.#stored.delete(nameOf(one));
  }

  #put(table: string, row: Document): void {
    const stored = { table, row: { id: new Int32(++this.#rowId), ...row } };
    this.#stored.set(nameOf(stored), stored);
  }

  #all(kind: string): Stored[] {
    return [...this.#stored.values()].filter(({ table }) => table.startsWith(`${kind}_`));
  }
}

function nameOf({ table, row }: Stored): string {
  return `${table} ${String(row["id"])}`;
}

/** A DATETIME, as a line has it: the wall clock as if it were UTC's. */
function wall(id: bigint, zone: string, laterMs: number): Date {
  const ms = Math.round((messageTime(id) + laterMs) / 1000) * 1000;
  return new Date(new ZoneClock(zone).wallMs(ms));
}

const SHAPES = COMMUNITY_FACTS.shapes.map(({ columns }) => describe(columns));
const USER_TABLE = describe([
  { ...COMMUNITY_FACTS.shapes[0]!.columns[0]! },
  { ...COMMUNITY_FACTS.shapes[0]!.columns[2]!, name: "name" },
]);

function describe(columns: readonly ColumnFacts[]): SourceTable {
  return {
    createStatement: "CREATE TABLE t (id INT PRIMARY KEY)",
    columns: columns.map(({ name, type, characters, isNullable, characterSet }) => ({
      name,
      sqlType: characters === undefined ? type : `${type}(${characters})`,
      dataType: type,
      isNullable,
      isGenerated: false,
      comment: "",
      ...(characterSet === undefined ? {} : { characterSet }),
    })),
    keyColumns: ["id"],
    indexes: [],
    comment: "",
    triggers: [],
  };
}

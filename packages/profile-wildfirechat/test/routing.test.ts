// @module-tag slow
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "../../../fixtures/src/seeded-random.ts";
import { messageTableOf, userShard } from "../src/target/server-tables.ts";
import { ZoneClock } from "../src/settings/zone-clock.ts";

const hasJava = spawnSync("java", ["-version"]).status === 0;
const why = hasJava ? "" : " (skipped: no java on the PATH)";
/** The two zones of servers, and zones whose clocks change at a month's border, twice a year, or by half hours. */
const zones = [
  "UTC",
  "Asia/Shanghai",
  "Europe/Berlin",
  "America/Sao_Paulo",
  "Australia/Lord_Howe",
  "America/New_York",
];
const COUNT = 1_000_000;
/** Ids from the epoch on to the year 2035: time zones' laws beyond are guesses, and JVMs make other ones. */
const LAST_TIME = Date.UTC(2035, 0, 1) - 1_514_736_000_000;
const EIGHT_HOURS = 8 * 3_600_000;

/** Random ids, every third within eight hours of a month's border. */
function randomIds(seed: number, count: number): bigint[] {
  const random = new SeededRandom(seed, "ids");
  return Array.from({ length: count }, (_, i) => {
    const border = Date.UTC(2018, 1 + random.integer(0, 200), 1) - 1_514_736_000_000;
    const time =
      i % 3 === 0
        ? border + random.integer(-EIGHT_HOURS, EIGHT_HOURS)
        : Math.floor(random.fraction() * LAST_TIME);
    return (BigInt(time) << 21n) | BigInt(random.integer(0, 2 ** 21 - 1));
  });
}

/** Random uids of 0 to 40 UTF-16 units, of ASCII or of any script. */
function randomUids(seed: number, count: number): string[] {
  const random = new SeededRandom(seed, "uids");
  return Array.from({ length: count }, (_, i) => {
    const highest = i % 2 === 0 ? 0x7e : 0xffff;
    const units = Array.from({ length: random.zipf(40) }, () => random.integer(0x20, highest));
    return String.fromCharCode(...units);
  });
}

function askJava(lines: readonly string[], ...args: string[]): string[] {
  const source = join(import.meta.dirname, "support", "Routing.java");
  const answer = execFileSync("java", ["-Xmx256m", source, ...args], {
    input: lines.join("\n"),
    maxBuffer: 1 << 28,
    encoding: "latin1",
  });
  return answer.trimEnd().split("\n");
}

describe.skipIf(!hasJava)(`routing beside the JVM's own calendar and hash${why}`, () => {
  test("1,000,000 random ids lie in the JVM's tables, in every zone", () => {
    const ids = randomIds(1, COUNT);
    const answers = askJava(ids.map(String), ...zones);
    const clocks = zones.map((zone) => new ZoneClock(zone));
    const differing = ids.filter(
      (id, i) => clocks.map((clock) => messageTableOf(id, clock)).join(" ") !== answers[i],
    );
    expect(answers).toHaveLength(COUNT);
    expect(differing).toEqual([]);
  });

  test("1,000,000 random uids lie in the JVM's tables", () => {
    const uids = randomUids(2, COUNT);
    const hex = (uid: string): string => Buffer.from(uid, "utf16le").swap16().toString("hex");
    const answers = askJava(uids.map((uid) => `u${hex(uid)}`));
    expect(answers).toHaveLength(COUNT);
    expect(uids.filter((uid, i) => String(userShard(uid)) !== answers[i])).toEqual([]);
  });
});

describe("routing beside what the definitions say", () => {
  /** The month as Intl names it at that instant, asked anew each time. */
  function tableByDefinition(id: bigint, format: Intl.DateTimeFormat): number {
    const ms = Number(BigInt.asIntN(64, id) / 2097152n) + 1_514_736_000_000;
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    return (parts["year"]! % 3) * 12 + parts["month"]! - 1;
  }

  test.each(zones)("ids lie in the table of the month that %s shows", (zone) => {
    const clock = new ZoneClock(zone);
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "numeric" });
    const ids = randomIds(3, 20_000);
    expect(ids.filter((id) => messageTableOf(id, clock) !== tableByDefinition(id, format))).toEqual([]);
  });

  test("uids lie in the table of their polynomial, signed at 32 bits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 64 }), (uid) => {
        let sum = 0n;
        for (let i = 0; i < uid.length; i++)
          sum += BigInt(uid.charCodeAt(i)) * 31n ** BigInt(uid.length - 1 - i);
        const hash = BigInt.asIntN(32, sum);
        expect(userShard(uid)).toBe(Number((hash < 0n ? -hash : hash) % 128n));
      }),
    );
  });
});

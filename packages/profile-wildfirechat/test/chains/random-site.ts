import { EJSON } from "bson";
import type { SourceTable } from "@firebreak/archive";
import { ZoneClock } from "../../src/settings/zone-clock.ts";
import { SeededRandom } from "../../../../fixtures/src/index.ts";

/** A collection or a table, with its lines by a name that a line keeps while it is edited. */
export interface SiteNamespace {
  readonly name: string;
  /** The description of a table at its source. */
  readonly table?: SourceTable | undefined;
  readonly lines: Map<string, string>;
}

/** A small site in memory that changes at random. */
export interface RandomSite {
  readonly kind: "mongodb" | "mysql";
  /** Returns the collections or tables that exist now. */
  namespaces(): SiteNamespace[];
  /** Does some changes, small in number. */
  change(): void;
}

const DAY_MS = 86_400_000;

/** The clock of a site's server, and the content type of a recalled message. */
export const CLOCK = new ZoneClock("Asia/Shanghai");
export const RECALLED = 80;

/** Instants around a month's border in Shanghai, which most of the messages are of. */
export const BORDER_MS = Date.UTC(2023, 10, 30, 16);

/** Draws people and instants for both kinds of sites: few of each, so that many lines share them. */
export class SiteDraws {
  readonly random: SeededRandom;
  readonly people = ["anna", "bela", "Cem", "dör", "汉"] as const;
  #low = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed, "chain");
  }

  /** A new message id: near the month's border, or some days later. */
  id(): bigint {
    const ms = BORDER_MS + this.random.integer(-4, 4) * (this.random.chance(0.5) ? 900_000 : DAY_MS);
    return (BigInt(ms - 1_514_736_000_000) << 21n) | BigInt(this.#low++);
  }

  person(): string {
    return this.random.pick(this.people);
  }

  /** The body of a message of a content type. */
  body(type: number): Buffer {
    return Buffer.from([0x08, type, 0x12, this.random.integer(0, 255), this.random.integer(0, 255)]);
  }

  /** One of several; undefined if there are none. */
  one<T>(values: readonly T[]): T | undefined {
    return values.length === 0 ? undefined : values[this.random.integer(0, values.length - 1)];
  }
}

export function lineOf(document: object): string {
  return Buffer.from(EJSON.stringify(document, { relaxed: false }), "utf8").toString("latin1");
}

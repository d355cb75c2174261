import type { ReadLine } from "@firebreak/archive";
import type { BodyForm } from "../documents/content.ts";
import {
  BodyCounter,
  jdbcZoneCounter,
  jvmZoneCounter,
  privateFormCounter,
  sessionZoneCounter,
} from "../settings/detect.ts";
import { addEvidence, type Evidence } from "../settings/evidence.ts";
import type { FieldValue } from "../documents/field-value.ts";
import { valueOf } from "./site-rows.ts";

/** The evidence in rows of the server's sharded tables for the settings that they were written with. */
export interface RowEvidence {
  readonly jvm: Evidence;
  readonly jdbc: Evidence;
  readonly session: Evidence;
  readonly privateForm: Evidence;
  readonly bodies: Readonly<Record<BodyForm, number>>;
}

/** The zones to compare rows with, for each setting. */
export type ZoneCandidates = Readonly<Record<"jvm" | "jdbc" | "session", readonly string[]>>;

/** Surveys the rows of one table, in memory that does not grow. */
export class RowSurvey {
  readonly #kind: "messages" | "userMessages";
  readonly #shard: number;
  readonly #jvm: ReturnType<typeof jvmZoneCounter>;
  readonly #jdbc: ReturnType<typeof jdbcZoneCounter>;
  readonly #session: ReturnType<typeof sessionZoneCounter>;
  readonly #privateForm = privateFormCounter();
  readonly #bodies = new BodyCounter();

  /** @param zones must be the same lists for surveys whose evidence is added. */
  constructor(kind: "messages" | "userMessages", shard: number, zones: ZoneCandidates) {
    this.#kind = kind;
    this.#shard = shard;
    this.#jvm = jvmZoneCounter(zones.jvm);
    this.#jdbc = jdbcZoneCounter(zones.jdbc);
    this.#session = sessionZoneCounter(zones.session);
  }

  add({ fields }: Pick<ReadLine, "fields">): void {
    const value = (name: string): FieldValue | undefined => valueOf(fields, name);
    const id = value("_mid");
    if (typeof id !== "bigint") return;
    const dt = value("_dt");
    const dated = dt instanceof Date ? { id, wallMs: dt.getTime() } : undefined;
    if (this.#kind === "userMessages") {
      if (dated !== undefined) this.#session.add(dated);
      return;
    }
    this.#jvm.add({ id, shard: this.#shard });
    if (dated !== undefined) this.#jdbc.add(dated);
    const [type, from, target, data] = [value("_type"), value("_from"), value("_target"), value("_data")];
    if (type === 0n && typeof from === "string" && typeof target === "string")
      this.#privateForm.add({ from, target });
    if (data instanceof Uint8Array) this.#bodies.add(data);
  }

  evidence(): RowEvidence {
    return {
      jvm: this.#jvm.evidence(),
      jdbc: this.#jdbc.evidence(),
      session: this.#session.evidence(),
      privateForm: this.#privateForm.evidence(),
      bodies: { ...this.#bodies.counts },
    };
  }
}

/** Adds the evidence of two tables, which must have the same candidates. */
export function addRowEvidence(one: RowEvidence, other: RowEvidence): RowEvidence {
  const { plain, xor, empty, other: foreign } = one.bodies;
  return {
    jvm: addEvidence(one.jvm, other.jvm),
    jdbc: addEvidence(one.jdbc, other.jdbc),
    session: addEvidence(one.session, other.session),
    privateForm: addEvidence(one.privateForm, other.privateForm),
    bodies: {
      plain: plain + other.bodies.plain,
      xor: xor + other.bodies.xor,
      empty: empty + other.bodies.empty,
      other: foreign + other.bodies.other,
    },
  };
}

import type { ReadLine } from "@firebreak/archive";
import type { ProfileNamespace, ProfileSurveyor, SurveyedLine } from "@firebreak/transform";
import { BodyCounter, jvmZoneCounter, privateFormCounter } from "../settings/detect.ts";
import { addEvidence, type Evidence } from "../settings/evidence.ts";
import { integerOf } from "./field-value.ts";
import { messageGatherer, userMessageGatherer, lineValues } from "../rows/gather.ts";
import { headText, messageHeadOf } from "./message-head.ts";
import { isInt64 } from "./message-id.ts";
import { serverTable } from "../target/server-tables.ts";
import type { SurveyData } from "../rows/row-plan.ts";
import { UserMessageToRow } from "../rows/user-message-to-row.ts";
import { userEntryHash } from "./row-to-user-message.ts";
import { clockOf } from "../settings/zone-clock.ts";

/** Statistics on the documents of one part or several. */
export interface HybridSurvey {
  readonly counts: Readonly<Record<string, number>>;
  readonly zone?: Evidence;
  readonly privateForm?: Evidence;
}

export function mergeHybridSurveys(one: HybridSurvey, other: HybridSurvey): HybridSurvey {
  const names = new Set([...Object.keys(one.counts), ...Object.keys(other.counts)]);
  const added = (a: Evidence | undefined, b: Evidence | undefined): Evidence | undefined =>
    a === undefined || b === undefined ? (a ?? b) : addEvidence(a, b);
  const zone = added(one.zone, other.zone);
  const privateForm = added(one.privateForm, other.privateForm);
  return {
    counts: Object.fromEntries(
      [...names].map((name) => [name, (one.counts[name] ?? 0) + (other.counts[name] ?? 0)]),
    ),
    ...(zone === undefined ? {} : { zone }),
    ...(privateForm === undefined ? {} : { privateForm }),
  };
}

/** Surveys a hybrid's messages: their places, their forms, and the heads that users' documents need. */
export class MessageSurveyor implements ProfileSurveyor {
  readonly #gather: ReturnType<typeof messageGatherer>;
  readonly #shard: number;
  readonly #isHeadWanted: boolean;
  readonly #zone: ReturnType<typeof jvmZoneCounter>;
  readonly #privateForm = privateFormCounter();
  readonly #bodies = new BodyCounter();
  #typeless = 0;

  constructor({ names, zones, isHeadWanted }: SurveyData, { collection }: ProfileNamespace) {
    this.#gather = messageGatherer(names);
    this.#shard = shardOf(collection);
    this.#isHeadWanted = isHeadWanted;
    this.#zone = jvmZoneCounter(zones);
  }

  take(read: ReadLine): SurveyedLine | undefined {
    const values = lineValues(read);
    if (values === undefined) return undefined;
    const document = this.#gather(values);
    const { from, type, target, data, contentType } = document;
    if (data instanceof Uint8Array) this.#bodies.add(data);
    if (contentType === undefined || contentType === null) this.#typeless++;
    if (integerOf(type) === 0n && typeof from === "string" && typeof target === "string")
      this.#privateForm.add({ from, target });
    const id = integerOf(document.id);
    if (id === undefined || !isInt64(id)) return undefined;
    this.#zone.add({ id, shard: this.#shard });
    const head = this.#isHeadWanted ? messageHeadOf(document) : undefined;
    return { key: id, value: head === undefined ? undefined : headText(head) };
  }

  finish(): HybridSurvey {
    const counts = Object.entries(this.#bodies.counts);
    const bodies = counts.map(([form, count]) => [`body-${form}`, count] as const);
    return {
      counts: { ...Object.fromEntries(bodies), "content-type-missing": this.#typeless },
      zone: this.#zone.evidence(),
      privateForm: this.#privateForm.evidence(),
    };
  }
}

/** Surveys a hybrid's users' documents: counts those that need their message, and names message and entry. */
export class UserMessageSurveyor implements ProfileSurveyor {
  readonly #gather: ReturnType<typeof userMessageGatherer>;
  readonly #toRow: UserMessageToRow;
  #wantingCount = 0;

  constructor({ names, plan }: SurveyData) {
    this.#gather = userMessageGatherer(names);
    // No row is made here, so neither zone nor age matters.
    this.#toRow = new UserMessageToRow({
      plans: plan.userMessages,
      names: names.userMessages,
      sessionZone: clockOf("UTC"),
      horizon: undefined,
    });
  }

  take(read: ReadLine): SurveyedLine | undefined {
    const values = lineValues(read);
    if (values === undefined) return undefined;
    const document = this.#gather(values);
    const isWanting = this.#toRow.wantedMessage(document) !== undefined;
    if (isWanting) this.#wantingCount++;
    const { uid } = document;
    const [mid, seq] = [integerOf(document.mid), integerOf(document.seq)];
    return {
      rowKey: typeof uid === "string" && seq !== undefined ? userEntryHash(uid, seq) : undefined,
      reference:
        mid === undefined || !isInt64(mid) ? undefined : { key: mid, for: isWanting ? "value" : "presence" },
    };
  }

  finish(): HybridSurvey {
    return { counts: { [MESSAGE_WANTED]: this.#wantingCount } };
  }
}

/** The name of the count of users' documents that lack fields which their message has. */
export const MESSAGE_WANTED = "message-wanted";

export function shardOf(collection: string): number {
  const table = serverTable(collection);
  if (table.kind === "other") throw new Error(`${collection} is no table of messages`);
  return table.shard;
}

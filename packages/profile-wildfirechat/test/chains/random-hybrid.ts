import { Binary, Int32, Long, ObjectId, type Document } from "bson";
import { messageTableOf, userShard } from "../../src/target/server-tables.ts";
import { messageTime } from "../../src/documents/message-id.ts";
import { CLOCK, lineOf, RECALLED, SiteDraws, type RandomSite, type SiteNamespace } from "./random-site.ts";

interface Stored {
  readonly collection: string;
  readonly document: Document;
}

/** The MongoDB of a hybrid: messages, and what its users have of them. */
export class RandomHybrid implements RandomSite {
  readonly kind = "mongodb";
  readonly #draws: SiteDraws;
  /** The key of a document is its collection and its `_id`. */
  readonly #stored = new Map<string, Stored>();
  /** The part of the users' documents that have all fields: if most have, those that lack some are copied. */
  readonly #late: number;
  #objectId = 1;

  constructor(seed: number) {
    this.#draws = new SiteDraws(seed);
    const { random } = this.#draws;
    const isLively = random.chance(0.4);
    this.#late = isLively ? 0.85 : random.chance(0.6) ? 0.7 : 0;
    for (let i = random.integer(4, 14); i > 0; i--) this.#send();
    for (let i = isLively ? random.integer(20, 40) : random.integer(2, 14); i > 0; i--) this.#deliver();
  }

  namespaces(): SiteNamespace[] {
    const found = new Map<string, SiteNamespace>();
    for (const [name, { collection, document }] of this.#stored) {
      const namespace = found.get(collection) ?? { name: collection, lines: new Map() };
      namespace.lines.set(name, lineOf(document));
      found.set(collection, namespace);
    }
    // A collection that nobody maps.
    found.set("moments", { name: "moments", lines: new Map([["1", lineOf({ _id: new Int32(1) })]]) });
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  change(): void {
    const { random } = this.#draws;
    for (let i = random.integer(1, 6); i > 0; i--) {
      const deeds = [
        () => this.#send(),
        () => this.#deliver(),
        () => this.#copy(),
        () => this.#edit(),
        () => this.#recall(),
        () => this.#remove("t_messages"),
        () => this.#remove("t_user_messages"),
        () => this.#move(),
        () => this.#retarget(),
        () => this.#drop(),
      ] as const;
      random.pick(deeds)();
    }
  }

  #send(): void {
    const { random } = this.#draws;
    const id = this.#draws.id();
    const [from, to] = [this.#draws.person(), this.#draws.person()];
    const type = random.integer(0, 1);
    const isLate = random.chance(0.7);
    const data = this.#draws.body(random.integer(1, 9));
    this.#put(this.#shardOf(id, random.chance(0.1)), {
      _id: Long.fromBigInt(id),
      _from: from,
      _type: new Int32(type),
      _target: type === 0 ? [from, to].sort().join("|||") : "group",
      _line: random.chance(0.04) ? "odd" : new Int32(0),
      _data: random.chance(0.05) ? null : new Binary(data),
      _dt: new Date(messageTime(id) + random.integer(0, 1)),
      ...(isLate ? { _content_type: new Int32(data[1]!), _to: "" } : {}),
      ...(random.chance(0.03) ? { _other: 1 } : {}),
    });
  }

  /** A user gets a message: one that is there, or one that is missing. */
  #deliver(): void {
    const { random } = this.#draws;
    const messages = this.#all("t_messages");
    const known = this.#draws.one(messages)?.document["_id"] as Long | undefined;
    const id = known === undefined || random.chance(0.15) ? this.#draws.id() : known.toBigInt();
    const uid = this.#draws.person();
    const right = userShard(uid);
    const shard = random.chance(0.1) ? (right + 1) % 128 : right;
    const isLate = random.chance(this.#late);
    this.#put(`t_user_messages_${shard}`, {
      _id: new ObjectId((this.#objectId++).toString(16).padStart(24, "0")),
      _mid: Long.fromBigInt(id),
      _uid: uid,
      _seq: random.chance(0.03) ? "odd" : Long.fromNumber(random.integer(1, 4)),
      _createTime: new Date(messageTime(id)),
      ...(isLate
        ? {
            _type: new Int32(0),
            _line: new Int32(0),
            _target: "x",
            _directing: new Int32(1),
            _cont_type: new Int32(1),
          }
        : {}),
    });
  }

  /** The same message lies in a second collection, equal or not. */
  #copy(): void {
    const one = this.#draws.one(this.#all("t_messages"));
    if (one === undefined) return;
    const { document } = one;
    const others = this.#draws.random.chance(0.3)
      ? { _from: "dora" }
      : { _data: new Binary(this.#draws.body(1)) };
    const id = (document["_id"] as Long).toBigInt();
    this.#put(this.#shardOf(id, this.#draws.random.chance(0.7)), { ...document, ...others });
  }

  #edit(): void {
    this.#replace("t_messages", () => ({ _data: new Binary(this.#draws.body(1)) }));
  }

  #recall(): void {
    this.#replace("t_messages", () => ({ _content_type: new Int32(RECALLED) }));
  }

  #retarget(): void {
    this.#replace("t_user_messages", () => ({ _seq: Long.fromNumber(this.#draws.random.integer(1, 4)) }));
  }

  #replace(kind: string, changes: () => Document): void {
    const one = this.#draws.one(this.#all(kind));
    if (one !== undefined) this.#put(one.collection, { ...one.document, ...changes() });
  }

  #remove(kind: string): void {
    const one = this.#draws.one(this.#all(kind));
    if (one !== undefined) this.#stored.delete(nameOf(one));
  }

  #move(): void {
    const one = this.#draws.one(this.#all("t_messages"));
    if (one === undefined) return;
    this.#stored.delete(nameOf(one));
    this.#put(
      this.#shardOf((one.document["_id"] as Long).toBigInt(), this.#draws.random.chance(0.5)),
      one.document,
    );
  }

  /** A whole collection goes. */
  #drop(): void {
    if (!this.#draws.random.chance(0.2)) return;
    const one = this.#draws.one([...this.#stored.values()]);
    for (const stored of this.#stored.values())
      if (stored.collection === one?.collection && this.#all("t_messages").length > 3)
        this.#stored.delete(nameOf(stored));
  }

  #shardOf(id: bigint, isWrong: boolean): string {
    const right = messageTableOf(id, CLOCK);
    return `t_messages_${isWrong ? (right + 1) % 36 : right}`;
  }

  #put(collection: string, document: Document): void {
    const stored = { collection, document };
    this.#stored.set(nameOf(stored), stored);
  }

  #all(kind: string): Stored[] {
    return [...this.#stored.values()].filter(({ collection }) => collection.startsWith(`${kind}_`));
  }
}

function nameOf({ collection, document }: Stored): string {
  return `${collection} ${String(document["_id"])}`;
}

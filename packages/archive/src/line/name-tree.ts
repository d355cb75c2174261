/** More followers than this come of names that are data: each would be met once or twice. */
const MAX_FOLLOWERS = 8;
const MAX_KEPT = 4096;
const MAX_KEPT_BYTES = 256;

/** Up to this many names a look at each is quicker than a set. */
const FEW = 24;

const NO_BYTES = new Uint8Array(0);
const NO_NAMES: NameNode[] = [];

/** A name, and with its `before` all names of the document up to it. The first has no `before` and stands in front of them. */
export class NameNode {
  /** The name as it stands in what is read, and as it is to be written; empty until kept. */
  from: Uint8Array = NO_BYTES;
  to: Uint8Array = NO_BYTES;
  /** Whether it is to be kept; else it lasts as long as its document. */
  readonly isKept: boolean;
  readonly followers: NameNode[];
  readonly #key: string;
  readonly #before: NameNode | undefined;
  readonly #position: number;
  #seen: Set<string> | undefined;
  #inside: NameNode | undefined;

  constructor(key: string, before: NameNode | undefined, isKept: boolean) {
    this.isKept = isKept;
    this.followers = isKept ? [] : NO_NAMES;
    this.#key = key;
    this.#before = before;
    this.#position = before === undefined ? 0 : before.#position + 1;
    this.#seen = undefined;
    this.#inside = undefined;
    if (isKept || before === undefined) return;
    this.#inside = before.inside;
    this.#seen = before.#seen;
    if (this.#seen !== undefined) this.#seen.add(key);
    else if (this.#position > FEW) this.#seen = this.#allKeys();
  }

  /** What stands in front of the names of documents inside this field. */
  get inside(): NameNode {
    return (this.#inside ??= new NameNode("", undefined, true));
  }

  /** Makes it one that `find` finds. */
  keep(from: Uint8Array, to: Uint8Array): void {
    this.from = Uint8Array.from(from);
    this.to = Uint8Array.from(to);
    this.#before?.followers.push(this);
  }

  has(key: string): boolean {
    if (this.#seen !== undefined) return this.#seen.has(key);
    if (this.#key === key) return true;
    for (let node = this.#before; node !== undefined; node = node.#before) if (node.#key === key) return true;
    return false;
  }

  #allKeys(): Set<string> {
    const keys = new Set([this.#key]);
    for (let node = this.#before; node !== undefined; node = node.#before) keys.add(node.#key);
    return keys;
  }
}

/**
 * The names of documents in the order in which they were met. Documents of a
 * collection repeat their names and order: where a document goes on as an
 * earlier one did, its next name is found by comparing bytes, and is known to
 * be sound, free of meaning to Extended JSON and not in this document twice.
 *
 * It keeps a bounded number of names. Where names are data (a map by user, say)
 * the rest are remembered only as long as their document lasts.
 */
export class NameTree {
  readonly first: NameNode = new NameNode("", undefined, true);
  #keptCount = 0;

  /** The kept name after `before` that stands in `source` at `at`. */
  find(before: NameNode, source: Uint8Array, at: number): NameNode | undefined {
    const { followers } = before;
    for (let i = 0; i < followers.length; i++)
      if (stands(followers[i]!.from, source, at)) return followers[i];
    return undefined;
  }

  /**
   * Adds a name after `before`; undefined if the document has it already. The
   * caller is to `keep` a node that says so.
   *
   * @param key the same for the same name and no other, never empty.
   */
  add(before: NameNode, key: string): NameNode | undefined {
    if (before.has(key)) return undefined;
    const isKept =
      before.isKept &&
      before.followers.length < MAX_FOLLOWERS &&
      this.#keptCount < MAX_KEPT &&
      key.length <= MAX_KEPT_BYTES;
    if (isKept) this.#keptCount++;
    return new NameNode(key, before, isKept);
  }
}

function stands(bytes: Uint8Array, source: Uint8Array, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (source[at + i] !== bytes[i]) return false;
  return true;
}

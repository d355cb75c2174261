/**
 * The most followers of a name. More come from names that are data, and each of those would be met once or
 * twice.
 */
const MAX_FOLLOWERS = 8;
const MAX_KEPT = 4096;
const MAX_KEPT_BYTES = 256;

/** Up to this many names a look at each is faster than a set. */
const FEW = 24;

const NO_BYTES = new Uint8Array(0);
const NO_NAMES: NameNode[] = [];

/**
 * A name, together with all names of the document before it, by `before`. The first node has no `before` and
 * no name.
 */
export class NameNode {
  /** The name as it is read, and as it is written; empty until kept. */
  from: Uint8Array = NO_BYTES;
  to: Uint8Array = NO_BYTES;
  /** True if the tree keeps the node; otherwise the node lasts as long as its document. */
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

  /** Returns the node before the names of documents inside this field. */
  get inside(): NameNode {
    return (this.#inside ??= new NameNode("", undefined, true));
  }

  /** Makes this node one that `find` finds. */
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
 * The names of documents in the order in which they were met. Documents of a collection repeat their names
 * and order. If a document goes on as an earlier one did, comparing bytes finds its next name. That name is
 * then known to be valid, free of meaning to Extended JSON and not in this document twice.
 *
 * The tree keeps a bounded number of names. If names are data (a map by user, say), it remembers the rest
 * only as long as their document lasts.
 */
export class NameTree {
  readonly first: NameNode = new NameNode("", undefined, true);
  #keptCount = 0;

  /** Returns the kept name after `before` that is in `source` at `at`. */
  find(before: NameNode, source: Uint8Array, at: number): NameNode | undefined {
    const { followers } = before;
    for (let i = 0; i < followers.length; i++)
      if (stands(followers[i]!.from, source, at)) return followers[i];
    return undefined;
  }

  /**
   * Adds a name after `before`. Returns undefined if the document has it already. If the node's `isKept` is
   * true, the caller must `keep` it.
   *
   * @param key identifies the name, never empty.
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

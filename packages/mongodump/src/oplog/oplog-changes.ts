import { ReasonError, reasonOf } from "@firebreak/archive";
import { mongodumpFault } from "../mongodump-faults.ts";
import { BSON_TYPE, elementIn, textOf, type Element } from "../elements.ts";
import { readEntry, shownEntry, type OplogEntry } from "./oplog-entry.ts";
import { OpenTransactions } from "./open-transactions.ts";
import { dumpReason } from "../mongodump-reasons.ts";

/** A change of one document. */
export interface OplogChange {
  /** The collection's name as in the archive: a time-series collection for a change of its buckets. */
  readonly namespace: string;
  /** The entry, or the operation within one. */
  readonly bytes: Buffer;
}

/** The collections of a dump, and which of them are wanted. */
interface OplogScope {
  /** The oplog's path, for errors. */
  readonly path: string;
  /** True if changes of a collection are to be applied. */
  readonly isWanted: (database: string, collection: string) => boolean;
  /** The dump's wanted collections. */
  readonly namespaces: ReadonlySet<string>;
}

const BUCKETS = /^system\.buckets\./;
const VIEWS = "system.views";

/** Commands that change neither documents nor an archive's description of a collection. */
const HARMLESS: ReadonlySet<string> = new Set(["startIndexBuild", "abortIndexBuild", "dbCheck"]);

/**
 * Reads the entries of an oplog one after the other, and returns the wanted changes of documents. The changes
 * of a transaction come when it is committed.
 */
export class OplogChanges {
  /** The time of the last entry. */
  time: string | undefined;
  entryCount = 0;
  readonly #scope: OplogScope;
  readonly #open = new OpenTransactions();

  constructor(scope: OplogScope) {
    this.#scope = scope;
  }

  /**
   * Returns the changes of an entry.
   *
   * @param bytes must stay valid while the changes are used.
   * @throws {FirebreakError} `oplog-entry` for an entry that cannot be applied.
   */
  of(bytes: Buffer): OplogChange[] {
    this.entryCount++;
    let entry: OplogEntry | undefined;
    try {
      entry = readEntry(bytes);
      this.time = entry.time ?? this.time;
      return this.#changes(entry);
    } catch (error) {
      throw mongodumpFault(
        "oplog-entry",
        {
          path: this.#scope.path,
          time: this.time,
          entry: entry === undefined ? undefined : shownEntry(entry),
          reason: reasonOf(error),
        },
        error,
      );
    }
  }

  #changes(entry: OplogEntry): OplogChange[] {
    switch (entry.op) {
      case "n":
        return [];
      case "i":
      case "u":
      case "d":
        return this.#documentChange(entry);
      case "c":
        return this.#command(entry);
      default:
        throw new ReasonError(dumpReason("operation-unknown", { operation: entry.op }));
    }
  }

  #documentChange({ database, collection, o, bytes }: OplogEntry): OplogChange[] {
    if (collection === VIEWS) {
      const [viewDatabase, view] = split(textOf(elementIn(o, "_id")) ?? `${database}.`);
      if (this.#scope.isWanted(viewDatabase, view)) throw new ReasonError(dumpReason("view-changed"));
      return [];
    }
    const name = collection.replace(BUCKETS, "");
    if (!this.#scope.isWanted(database, name)) return [];
    const namespace = `${database}.${name}`;
    if (!this.#scope.namespaces.has(namespace))
      throw new ReasonError(dumpReason("namespace-missing", { namespace }));
    return [{ namespace, bytes }];
  }

  #command(entry: OplogEntry): OplogChange[] {
    const { database, o } = entry;
    const [command] = o;
    switch (command?.name) {
      case "applyOps":
        return this.#open
          .take(entry, isOn(o, "partialTxn"), isOn(o, "prepare"))
          .flatMap((bytes) => this.#changes(readEntry(bytes)));
      case "commitTransaction":
        return this.#open.commit(entry).flatMap((bytes) => this.#changes(readEntry(bytes)));
      case "abortTransaction":
        this.#open.abort(entry);
        return [];
      default:
        if (!HARMLESS.has(command?.name ?? "") && this.#isAboutWanted(entry))
          throw new ReasonError(
            command?.name === undefined
              ? dumpReason("command-unnamed")
              : dumpReason("command-about-collection", { command: command.name, database }),
          );
        return [];
    }
  }

  /**
   * True if a command concerns wanted collections. It names a collection of its database, a namespace, or
   * only the database.
   */
  #isAboutWanted({ database, o }: OplogEntry): boolean {
    const { isWanted, namespaces } = this.#scope;
    const [command] = o;
    if (command?.name === "dropDatabase")
      return [...namespaces].some((namespace) => namespace.startsWith(`${database}.`));
    const name = textOf(command);
    if (name === undefined) return true;
    if (command?.name !== "renameCollection") return isWanted(database, name.replace(BUCKETS, ""));
    const both = [name, textOf(elementIn(o, "to")) ?? name];
    return both.some((namespace) => isWanted(...split(namespace)));
  }
}

function isOn(fields: readonly Element[], name: string): boolean {
  const element = elementIn(fields, name);
  return element?.type === BSON_TYPE.boolean && element.value[0] === 1;
}

function split(namespace: string): [database: string, collection: string] {
  const dot = namespace.indexOf(".");
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}

import { readMongodbManifest, type MongodbManifest } from "@firebreak/archive";
import { connectMongodb, type MongodbSource } from "../driver/connect.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";
import { readDefinition } from "../definitions/definition.ts";
import { TargetLock } from "./target-lock.ts";
import type {
  ChainVerdict,
  KnownChain,
  Loadable,
  LoadOutcome,
  LoadTarget,
  OpenTarget,
  TargetCapabilities,
} from "@firebreak/target";
import type { ToMongodbEvent, ToMongodbNotes } from "./mongodb-load-notes.ts";
import { accountsOf } from "./account.ts";
import { planCollection, type CollectionWork, type PlannedCollection } from "./collection-plan.ts";
import { DocumentsLoad } from "./documents-load.ts";
import type { MongodbFinding } from "./preflight/findings.ts";
import type { MongodbLoad, MongodbLoadOptions } from "./load-run.ts";
import { inspectCollections, inspectServer, type ServerLook } from "./preflight/preflight.ts";
import { findRefused } from "./quarantine/refused-earlier.ts";
import { isReplaying, knownChains, readTargetChain, type TargetChain } from "./ledger/target-chain.ts";
import { toMongodbFault } from "./to-mongodb-faults.ts";

const CAPABILITIES: TargetCapabilities = {
  announcesLinks: true,
  locksByWriting: true,
  hasThreads: true,
};

/** A MongoDB that can be loaded. The ledger entry of a part follows its documents, which are read back. */
export function mongodbLoadTarget(options: MongodbLoadOptions): LoadTarget<MongodbManifest, ToMongodbNotes> {
  return {
    capabilities: CAPABILITIES,
    transformed: (mongodbFolder) => ({ mongodbFolder }),
    readManifest: readMongodbManifest,
    open: async (request) => OpenMongodb.open({ ...options, ...request }),
  };
}

class OpenMongodb implements OpenTarget<ToMongodbNotes> {
  readonly #load: MongodbLoad;
  readonly #target: MongodbSource;
  readonly #planned: readonly PlannedCollection[];
  #look: (ServerLook & { readonly chain: TargetChain }) | undefined;
  #lock: TargetLock | undefined;
  #plan: DocumentsLoad | undefined;

  private constructor(load: MongodbLoad, target: MongodbSource, planned: readonly PlannedCollection[]) {
    this.#load = load;
    this.#target = target;
    this.#planned = planned;
  }

  static async open(load: MongodbLoad): Promise<OpenMongodb> {
    const target = await connectMongodb(load.url);
    try {
      const planned: PlannedCollection[] = [];
      for (const collection of load.made.collections) {
        const definition = await readDefinition(load.folder, collection, load.identities);
        planned.push(planCollection(collection, definition, target.database, load.place));
      }
      return new OpenMongodb(load, target, planned);
    } catch (error) {
      await target.client.close();
      throw error;
    }
  }

  get server(): string {
    return this.#target.server;
  }

  async knownChains(): Promise<readonly KnownChain[]> {
    const { place } = this.#load;
    const look = await inspectServer(this.#target, this.#planned, place.base !== undefined);
    if (look.isBlind) throw this.#refusal(look.findings);
    const chain = await readTargetChain(this.#target, place, this.#databases);
    this.#look = { ...look, chain };
    return knownChains(chain);
  }

  goesOn({ isNewest }: Extract<ChainVerdict, { what: "in" }>): boolean {
    return isNewest && (this.#load.isReplay || isReplaying(this.#look!.chain));
  }

  async unchanged(): Promise<LoadOutcome<ToMongodbNotes>> {
    return { notes: [], accounts: accountsOf(this.#manifests, []) };
  }

  async inspect({ what }: Loadable): Promise<DocumentsLoad> {
    const { place, isReplay, work: folder } = this.#load;
    const { facts, findings: ofServer, chain } = this.#look!;
    const how = { isDelta: place.base !== undefined, isAgain: what !== "next", freeBytes: facts.freeBytes };
    const { work, findings: found, notes } = await inspectCollections(this.#target, this.#planned, how);
    const findings = [...ofServer, ...found, ...(isReplay ? unloaded(work) : [])];
    if (findings.length > 0) throw this.#refusal(findings);
    await findRefused({ work: folder }, work);
    const setting = {
      folder: this.#load.folder,
      work: folder,
      server: this.server,
      recipients: this.#load.recipients,
      manifests: this.#manifests,
      identities: this.#load.identities,
      maxDocumentBytes: facts.maxDocumentBytes,
    };
    const assertHeld = (): void => this.assertHeld();
    this.#plan = new DocumentsLoad(
      { options: this.#load, target: this.#target, setting, work, chain, assertHeld },
      notes.map((note): ToMongodbEvent => ({ kind: "note", ...note })),
    );
    return this.#plan;
  }

  async lock(): Promise<void> {
    this.#lock = await TargetLock.take(this.#target, this.#databases);
  }

  assertHeld(): void {
    this.#lock?.assertHeld();
  }

  explain(error: unknown): unknown {
    return explainMongodb(error, this.server);
  }

  async close(): Promise<void> {
    await this.#plan?.close();
    await this.#lock?.release();
    await this.#target.client.close();
  }

  get #databases(): string[] {
    return [...new Set(this.#planned.map((p) => p.database))];
  }

  get #manifests(): Parameters<typeof accountsOf>[0] {
    return { source: this.#load.source.manifest, made: this.#load.made };
  }

  #refusal(findings: readonly MongodbFinding[]): unknown {
    return toMongodbFault("load-mongodb-refused", { server: this.server, findings });
  }
}

/** Finds unloaded parts. Otherwise a replay that succeeds could be mistaken for a load that did. */
function unloaded(work: readonly CollectionWork[]): MongodbFinding[] {
  return work
    .filter(({ todo, keys }) => todo.length + keys.length > 0)
    .map(({ planned: { namespace, source }, todo, keys }) => ({
      what: "replay-unloaded",
      namespace,
      missing: todo.length + keys.length,
      parts: source.parts.length + (source.keys?.length ?? 0),
    }));
}

// @module-tag slow
import { join } from "node:path";
import { Binary, Int32, Long, type Document } from "bson";
import { expect, test } from "vitest";
import { readSourceManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { chatSite } from "../../../fixtures/src/index.ts";
import { madeState } from "./chains/made-state.ts";
import { BORDER_MS, lineOf, RECALLED, type RandomSite, type SiteNamespace } from "./chains/random-site.ts";
import { writeSiteArchive } from "./chains/site-archive.ts";

const OPTIONS = ["zone=Asia/Shanghai", "sessionTimezone=UTC", "retention=all"];
const PROFILE = ["--profile", "wildfirechat", ...OPTIONS.flatMap((option) => ["--profile-option", option])];
/** Transform starts threads for so many lines. */
const THREADS_FROM = 20_000;

/** The documents of a made site, of which many change. */
class MadeSite implements RandomSite {
  readonly kind = "mongodb";
  readonly #documents = new Map<string, { readonly collection: string; document: Document }>();

  constructor() {
    const site = chatSite({ seed: 7, messageCount: 4000, jvmZone: "Asia/Shanghai" });
    for (const documents of [site.hybridMessages(), site.hybridUserMessages()])
      for (const { collection, document } of documents)
        this.#documents.set(`${collection} ${String(document["_id"])}`, { collection, document });
  }

  /** Edits, recalls, deletes and repeats messages, and moves the entries of every second collection. */
  change(): void {
    // The loop adds documents, which are not to change in their turn.
    const known = [...this.#documents];
    let turn = 0;
    for (const [name, { collection, document }] of known) {
      turn++;
      if (collection.startsWith("t_user_messages")) {
        if (/[13579]$/.test(collection))
          this.#put(name, collection, { ...document, _seq: Long.fromNumber(turn) });
      } else if (turn % 7 === 0) this.#documents.delete(name);
      else if (turn % 7 === 1)
        this.#put(name, collection, { ...document, _content_type: new Int32(RECALLED) });
      else if (turn % 7 === 2)
        this.#put(name, collection, {
          ...document,
          _data: new Binary(Buffer.from([8, 1, 18, 1, turn & 127])),
        });
      else if (turn % 7 === 3) this.#put(`${name} again`, neighbourOf(collection), document);
    }
  }

  namespaces(): SiteNamespace[] {
    const found = new Map<string, SiteNamespace>();
    for (const [key, { collection: name, document }] of this.#documents) {
      const namespace = found.get(name) ?? { name, lines: new Map() };
      found.set(name, namespace);
      namespace.lines.set(key, lineOf(document));
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #put(name: string, collection: string, document: Document): void {
    this.#documents.set(name, { collection, document });
  }
}

/** Returns the next collection of messages. */
function neighbourOf(collection: string): string {
  return `t_messages_${(Number(/\d+$/.exec(collection)![0]) + 1) % 36}`;
}

/** Returns what a transform in two threads said. */
async function transform(archive: string, ...flags: readonly string[]): Promise<string> {
  const { exitCode, output } = await firebreak(["transform", "--archive", archive, "--jobs", "2", ...flags]);
  expect([0, 3], output).toContain(exitCode);
  return output;
}

test("a large delta, in threads, gives what a new full transform makes", async () => {
  await using place = await folder();
  const [full, now, delta] = ["full", "now", "delta"].map((name) => join(place.path, name)) as [
    string,
    string,
    string,
  ];
  const site = new MadeSite();
  await writeSiteArchive(full, site, BORDER_MS, 500);
  await transform(full, ...PROFILE);
  site.change();
  await writeSiteArchive(now, site, BORDER_MS, 500);
  await transform(now, ...PROFILE);
  await makeDelta(full, full, now, delta, { partLines: 500 });
  const { manifest } = await readSourceManifest(delta);
  expect(manifest.namespaces.reduce((sum, n) => sum + n.lineCount, 0)).toBeGreaterThan(THREADS_FROM);
  expect(await transform(delta)).not.toContain("from the whole chain");

  const { setAside: _, listed: __, ...chain } = await madeState([full, delta], "mysql");
  const { setAside: ___, listed: ____, ...whole } = await madeState([now], "mysql");
  expect(chain).toEqual(whole);
});

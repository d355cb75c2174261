import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Int32, Long, ObjectId } from "bson";
import { expect, test } from "vitest";
import { readMysqlManifest } from "@firebreak/archive";
import { transformProfiledDelta } from "@firebreak/transform";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";
import { folder } from "@firebreak/testing/archives/folder";
import { outcomeOf, type Outcome } from "@firebreak/testing/recipes/outcome";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { firstMessageId, messageTime } from "../src/documents/message-id.ts";
import { messageTableOf, userShard } from "../src/target/server-tables.ts";
import { madeState } from "./chains/made-state.ts";
import { ended, profileOf, WAYS } from "./chains/random-chain.ts";
import { BORDER_MS, CLOCK, lineOf, type RandomSite, type SiteNamespace } from "./chains/random-site.ts";
import { DATABASE, writeSiteArchive } from "./chains/site-archive.ts";

const ID = firstMessageId(BORDER_MS);
const MESSAGES = `t_messages_${messageTableOf(ID, CLOCK)}`;
const ENTRIES = `t_user_messages_${userShard("anna")}`;
const WAY = WAYS["from a hybrid to MySQL"]!;

/** A message, and eight entries of its reader: those below `wanting` take the line from the message. */
class OneMessage implements RandomSite {
  readonly kind = "mongodb";
  readonly #wanting: number;
  #line = 1;
  #seq = 1;
  #hasMessage = true;

  constructor(wanting: number) {
    this.#wanting = wanting;
  }

  change(): void {
    this.#line++;
  }

  /** Changes an entry that lacks nothing. */
  changeEntry(): void {
    this.#seq += 100;
  }

  loseMessage(): void {
    this.#hasMessage = false;
  }

  namespaces(): SiteNamespace[] {
    const message = {
      _id: Long.fromBigInt(ID),
      _from: "bela",
      _type: new Int32(0),
      _target: "anna|||bela",
      _line: new Int32(this.#line),
      _dt: new Date(messageTime(ID)),
      _content_type: new Int32(1),
      _to: "",
    };
    const entries = Array.from({ length: 8 }, (_, i) => ({
      _id: new ObjectId(String(i).padStart(24, "0")),
      _mid: Long.fromBigInt(ID),
      _uid: "anna",
      _seq: Long.fromNumber(i === 7 ? this.#seq : i + 2),
      _createTime: new Date(messageTime(ID)),
      _type: new Int32(0),
      _target: "bela",
      _directing: new Int32(1),
      _cont_type: new Int32(1),
      ...(i < this.#wanting ? {} : { _line: new Int32(0) }),
    }));
    return [
      { name: MESSAGES, lines: new Map(this.#hasMessage ? [["m", lineOf(message)]] : []) },
      { name: ENTRIES, lines: new Map(entries.map((entry, i) => [String(i), lineOf(entry)])) },
    ];
  }
}

/** Changes a site, and transforms it: as a full archive, and as a delta after the lines of the entries were lost. */
async function changed(place: string, wanting: number, change: (site: OneMessage) => void): Promise<Outcome> {
  const at = (name: string): string => join(place, name);
  const site = new OneMessage(wanting);
  await writeSiteArchive(at("full"), site, BORDER_MS, 8);
  const profile = await profileOf(WAY);
  await ended(transformed(at("full"), { profile, to: "mysql", version: "test" }));
  change(site);
  await writeSiteArchive(at("now"), site, BORDER_MS, 8);
  await makeDelta(at("full"), at("full"), at("now"), at("delta"));
  await ended(transformed(at("now"), { profile, to: "mysql", version: "test" }));
  await rm(at(`full/source/${DATABASE}/${ENTRIES}/00000.ndjson.zst`));
  const folders = { mysql: at("delta/mysql"), mongodb: at("delta/mongodb") };
  return outcomeOf(
    transformProfiledDelta({ archive: at("delta"), folders, jobs: 1, version: "test", to: "mysql", profile }),
  );
}

test.each([1, 2])(
  "the %i of 8 entries that take values from a message are read as copies",
  async (wanting) => {
    await using place = await folder();
    const { error, text } = await changed(place.path, wanting, (site) => site.change());
    expect(error, text).toBeUndefined();
    const [full, delta, now] = ["full", "delta", "now"].map((name) => join(place.path, name));
    const { tables } = (await readMysqlManifest(join(delta!, "mysql"))).manifest;
    expect(tables.find((t) => t.table === ENTRIES)?.parts.map((p) => p.lineCount)).toEqual([wanting]);
    expect((await madeState([full!, delta!], "mysql")).items).toEqual(
      (await madeState([now!], "mysql")).items,
    );
  },
);

test.each([
  ["more than a quarter of them take values", 3, (site: OneMessage) => site.change()],
  [
    "an entry without a copy changes, too",
    1,
    (site: OneMessage) => {
      site.change();
      site.changeEntry();
    },
  ],
])("the lines themselves are read if %s", async (_, wanting, change) => {
  await using place = await folder();
  const { error } = await changed(place.path, wanting, change);
  expect(error).toMatchObject({ code: "file-missing" });
});

test("without its message an entry that lacks nothing stays as it is, and is counted", async () => {
  await using place = await folder();
  const { error, text } = await changed(place.path, 1, (site) => site.loseMessage());
  expect(error, text).toBeUndefined();
  const [full, delta, now] = ["full", "delta", "now"].map((name) => join(place.path, name));
  const { setAside: _, listed: __, ...chain } = await madeState([full!, delta!], "mysql");
  const { setAside: ___, listed: ____, ...whole } = await madeState([now!], "mysql");
  expect(chain).toEqual(whole);
  expect(chain.remarks).toMatchObject({ userMessages: { "message-absent": 7 } });
});

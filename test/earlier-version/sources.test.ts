import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  changeOnceMore,
  DOCUMENTS,
  documentStates,
} from "../../fixtures/src/earlier-version/document-chain.ts";
import { LINKS } from "../../fixtures/src/earlier-version/freeze-task.ts";
import { ROWS, rowsOnceMore, rowStates } from "../../fixtures/src/earlier-version/row-chain.ts";
import { putTables } from "../../fixtures/src/earlier-version/tables-as-text.ts";
import { lacking, mongodbDatabase, sqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { contentOfFolder } from "./content-of-folder.ts";
import { unpacked, type Unpacked } from "./unpacked.ts";

let place: Unpacked;
afterEach(() => place[Symbol.asyncDispose]());

/** Files of parts, keys and definitions: what an archive holds, whenever and however it was exported. */
const isContent = (path: string): boolean =>
  /^(source|databases)\//.test(path) &&
  // The server may have removed these meanwhile: their time is over.
  !path.includes("/sessions/");

const content = (link: string): Promise<Record<string, string>> => contentOfFolder(link, isContent);

const rowSource = lacking("mysql");
describe.skipIf(rowSource.isLacking)(`the rows of version 0.4.0${rowSource.why}`, () => {
  beforeEach(async () => {
    place = await unpacked("rows");
  });

  test("are exported as then, and the chain goes on", async () => {
    await using source = await sqlDatabase("mysql", ROWS);
    for (const [i, link] of LINKS.entries()) {
      for (const statement of rowStates[i]!) await source.connection.query(statement);
      const from = i === 0 ? ["--part-mib", "0.004"] : ["--delta-from", place.at("chain", LINKS[i - 1]!)];
      const args = ["export", "--source", "mysql", "--archive", place.at("anew", link), ...from];
      await mustEndWell(args, { mysqlUrl: source.url });
      expect(await content(place.at("anew", link))).toEqual(await content(place.at("chain", link)));
    }
    for (const statement of rowsOnceMore) await source.connection.query(statement);
    const next = ["--archive", place.at("chain", "delta-3")];
    const from = ["--delta-from", place.at("chain", "delta-2")];
    await mustEndWell(["export", "--source", "mysql", ...next, ...from], { mysqlUrl: source.url });
    for (const kind of ["mysql", "mongodb"]) await mustEndWell(["transform", "--to", kind, ...next]);
    await mustEndWell(["verify", ...next]);
  });
});

const documentSource = lacking("mongodb", "mysql");
describe.skipIf(documentSource.isLacking)(`the documents of version 0.4.0${documentSource.why}`, () => {
  beforeEach(async () => {
    place = await unpacked("documents");
  });

  test("are exported as then, and the chain goes on", async () => {
    await using source = await mongodbDatabase(DOCUMENTS);
    const exported = async (link: string, previous: string | undefined, folder: string): Promise<void> => {
      // Another server has no history of the chain's own one.
      const from =
        previous === undefined
          ? ["--include", `${DOCUMENTS}.*`, "--part-mib", "0.004"]
          : ["--delta-from", place.at("chain", previous), "--by-comparison"];
      await mustEndWell(["export", "--archive", place.at(folder, link), ...from], { mongodbUrl: source.url });
    };
    for (const [i, link] of LINKS.entries()) {
      await documentStates[i]!(source.db);
      await exported(link, LINKS[i - 1], "anew");
      expect(await content(place.at("anew", link))).toEqual(await content(place.at("chain", link)));
    }
    await changeOnceMore(source.db);
    await exported("delta-3", "delta-2", "chain");
    await using target = await sqlDatabase("mysql", DOCUMENTS);
    await putTables(target.connection, await readFile(place.at("in-mysql", "delta-2.sql"), "utf8"));
    const args = ["--archive", place.at("chain", "delta-3"), "--work", place.at("in-mysql", "delta-2.work")];
    await mustEndWell(["load", ...args], { mysqlUrl: target.url });
    // Some rows of the links before are in quarantine.
    const checked = await firebreak(["checksum", ...args], { mysqlUrl: target.url });
    expect(checked.exitCode, checked.output).toBe(3);
    expect(await target.value("SELECT COUNT(*) FROM people WHERE name = 'came with a later version'")).toBe(
      "1",
    );
  });
});

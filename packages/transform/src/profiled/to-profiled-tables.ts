import { rm } from "node:fs/promises";
import {
  accountEvent,
  linesAccount,
  apartName,
  type MysqlNamespace,
  type MysqlTable,
  type NotCarried,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST } from "@firebreak/items";
import { completeFolder } from "../mysql-folder.ts";
import { applicationNotCarried, databasesNotCarried } from "../not-carried.ts";
import type { PartTask } from "../part-worker.ts";
import { ageSuffix, runPass, sourceFile } from "../passes.ts";
import type { Profile, ProfileTable } from "../profile.ts";
import { genericTables } from "../to-tables.ts";
import type { FolderTask } from "../transform.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { runsFolder } from "./profile-passes.ts";
import { beginProfile, profileFacts, type ProfiledArchive, type SettledGroup } from "./profiled-archive.ts";
import type { UsedLines } from "./line-uses.ts";
import type { WrittenTableRows } from "./row-sink.ts";
import type { WrittenMappedRows } from "./write-mapped-rows.ts";

/** The folder for tables of the generic mapping, apart from the application's. */
const OTHERS_FOLDER = "generic/";

/** Makes rows of an application's collections for its own tables in MySQL, which already exist. */
export async function* toProfiledTables(task: FolderTask, profile: Profile): AsyncGenerator<TransformEvent> {
  const { source, pass } = task;
  try {
    const profiled = yield* beginProfile(task, profile, "mysql");
    const directories = directoriesOf(profiled, source.encryption?.names === "hidden");
    const written: WrittenMappedRows[][] = [];
    for (const group of profiled.groups) written.push(yield* writeGroup(profiled, group, directories));
    await rm(runsFolder(pass.folder), { recursive: true, force: true });
    const rows = written.flat(2).flatMap((w) => w.rows);
    const others = yield* genericTables(task, profiled.others, { below: OTHERS_FOLDER });
    const given = profiled.plan.tables.map((table, i) =>
      tableOf(
        table,
        rows.filter((r) => r.table === i),
      ),
    );
    const tables = [...given, ...others.tables];
    const mapped = profiled.groups.flatMap((group) => group.namespaces);
    const dropped = await applicationNotCarried(task, mapped);
    const databases = await databasesNotCarried(task, "mysql", profiled.staying);
    const namespaces = [
      ...profiled.groups.flatMap((group, i) => namespacesOf(group, written[i]!, dropped)),
      ...others.mapped,
    ];
    const facts = profileFacts(profiled, written);
    await completeFolder(pass.folder, {
      sourceManifestSha256: source.sha256,
      profile: profile.name,
      profileFacts: facts,
      target: profiled.plan.target,
      ownTablesCheck: profiled.plan.ownTablesCheck,
      namespaces,
      tables,
      databases,
      startedAt: task.startedAt,
      version: task.version,
      encryption: source.encryption,
    });
    yield { kind: "note", code: "profile-report", fields: { profile: profile.name, ...facts } };
    yield accountEvent(
      namespaces.map((n) => ({
        ...linesAccount(n),
        tables: tables
          .filter((t) => t.namespace === n.namespace)
          .map((t) => ({ table: t.table, rows: t.digest.rowCount, extra: t.extra })),
      })),
      { databases },
    );
  } finally {
    await rm(runsFolder(pass.folder), { recursive: true, force: true });
  }
}

/** The folders of tables, and those of namespaces, after which misplaced rows' files are named. */
interface Directories {
  readonly tables: readonly string[];
  readonly namespaces: ReadonlyMap<string, string>;
}

function directoriesOf({ plan, groups }: ProfiledArchive, isHidden: boolean): Directories {
  const numbered = (i: number): string => String(i).padStart(5, "0");
  const namespaces = groups.flatMap((g) => g.namespaces);
  return {
    tables: plan.tables.map(({ table }, i) => (isHidden ? numbered(i) : apartName(table))),
    namespaces: new Map(
      namespaces.map((n, i) => [n.namespace, isHidden ? numbered(i) : apartName(n.collection)]),
    ),
  };
}

async function* writeGroup(
  { pass, plan, module, lookups }: ProfiledArchive,
  { parts, fates }: SettledGroup,
  directories: Directories,
): AsyncGenerator<TransformEvent, WrittenMappedRows[]> {
  const suffix = ageSuffix(pass);
  const tasks = parts.map(({ ns, part, name }, i): PartTask => {
    const from = directories.namespaces.get(ns.namespace)!;
    const fileOf = ({ namespace }: ProfileTable, table: number): string => {
      const file = namespace === ns.namespace ? name : `from-${from}-${name}`;
      return `${directories.tables[table]!}/${file}.csv.zst${suffix}`;
    };
    return {
      stage: "profileRows",
      sourceFile: sourceFile(pass, part.file),
      part,
      keys: pass.keys,
      module,
      data: plan.data,
      namespace: ns,
      tables: plan.tables,
      folder: pass.folder,
      files: plan.tables.map(fileOf),
      quarantineFile: `quarantine/${from}/${name}.ndjson.zst${suffix}`,
      listFile: `listed/${from}/${name}.ndjson.zst${suffix}`,
      listed: plan.listed,
      lookups,
      fates: fates[i]!,
    };
  });
  return (yield* runPass(pass, "rows", tasks)) as WrittenMappedRows[];
}

function tableOf(table: ProfileTable, written: readonly WrittenTableRows[]): MysqlTable {
  const parts = written.map((w) => w.part);
  return {
    ...table,
    digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
    largestValueBytes: Math.max(0, ...written.map((w) => w.largestValueBytes)),
    largestRowBytes: Math.max(0, ...written.map((w) => w.largestRowBytes)),
    createTable: "",
    indexes: [],
    notCarried: [],
    parts,
    extra: [],
    isGiven: true,
  };
}

/** Returns the manifest entries that say how the lines of a group's namespaces were used. */
export function namespacesOf(
  { namespaces, parts }: SettledGroup,
  written: readonly UsedLines[],
  notCarried: ReadonlyMap<string, NotCarried[]>,
): MysqlNamespace[] {
  return namespaces.map(({ namespace, lineCount }) => {
    const own = written.filter((_, i) => parts[i]!.ns.namespace === namespace);
    const sum = (count: (w: UsedLines) => number): number => own.reduce((a, w) => a + count(w), 0);
    return {
      namespace,
      lineCount,
      mappedCount: sum((w) => w.mappedCount),
      quarantinedCount: sum((w) => w.quarantine?.lineCount ?? 0),
      skippedCount: sum((w) => w.skippedCount),
      collapsedCount: sum((w) => w.collapsedCount),
      quarantine: own.flatMap((w) => w.quarantine ?? []),
      listed: own.flatMap((w) => w.listed ?? []),
      notCarried: notCarried.get(namespace) ?? [],
    };
  });
}

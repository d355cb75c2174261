import type { MongodbFinding, ToMongodbFaults } from "@firebreak/mongodb/target";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";
import { documentsDiffer } from "./restore.ts";
import { findingLines, mongodbNameText } from "./findings.ts";

/** Faults that stop a load into MongoDB, in English. */
export const toMongodbFaults: FaultTexts<ToMongodbFaults> = {
  "load-mongodb-refused": (f) =>
    message(
      `Nothing was written to MongoDB at ${f.server}, for ${f.findings.length === 1 ? "a reason" : "reasons"} found beforehand:\n${findingLines(f.findings, finding)}`,
      "Mend what is listed, then run the same command again.",
    ),
  "delta-documents-missing": (f) =>
    message(
      `The ${f.count} documents of ${f.part} for ${f.namespace} that were refused at an earlier load are not here (${f.file}), and the delta may have newer ones.`,
      "Say with --work where that load kept its quarantine.",
    ),
  "replay-documents-missing": (f) =>
    message(
      `The ${f.count} documents of ${f.part} for ${f.namespace} that were refused at load cannot be loaded: ${f.file} is not here.`,
      "Say with --work where load kept its quarantine. If that is gone, load the archive (and its deltas) into another database: the documents that are refused there are kept again.",
    ),
};

/** Notes of a load into MongoDB, in English. */
export const toMongodbNotes = {
  "load-disk-mongodb": (f) =>
    `The documents will need about ${size(f.needed)} on the server's disk, where ${size(f.free)} are free.`,
  "documents-not-taken": (f) =>
    [
      `The target refused ${documents(f.count)} of ${f.part} for ${f.namespace}:`,
      ...f.documents.map(
        (d) =>
          `  line ${d.line}${d.fields.length === 0 ? "" : `, ${d.fields.join(", ")}`}: ${d.message} (${d.errno})`,
      ),
      ...(f.count > f.documents.length ? [`  and ${f.count - f.documents.length} more`] : []),
    ].join("\n"),
  "documents-quarantined": (f) =>
    `${documents(f.count)} ${f.count === 1 ? "is" : "are"} in quarantine in ${f.folder}, each with its reason. When the cause is mended: pnpm load --replay-quarantine`,
  "documents-quarantine-missing": (f) =>
    `The ledger says that ${documents(f.count)} of ${f.part} for ${f.namespace} were refused at load, and ${f.file} is not here: they count as missing. Say with --work where load kept its quarantine.`,
  "documents-expired": (f) =>
    `${f.namespace} lacks ${documents(f.count)} that the archives have, and is like them in all else. It has a TTL index, so the server most likely deleted them; pnpm checksum names them.`,
  "chain-documents-differ": (f) =>
    `${f.namespace} differs: with this delta it should have ${documents(f.expected)}, and has ${number(f.found)}. Which differ cannot be told without the archives before it and what transform made of them: put them beside it, or say where the one before lies with --delta-from, and run pnpm checksum.`,
  "loaded-documents-differ": (f) =>
    documentsDiffer(
      f,
      `See first who writes to it. pnpm checksum --against mongodb names all. ${anew(f.namespace)}`,
    ),
} satisfies SomeNotes;

function finding(f: MongodbFinding): string {
  switch (f.what) {
    case "server-old":
      return `the server is ${f.version}; MongoDB 4.4 or later is needed: upgrade it.`;
    case "not-primary":
      return "the server takes no writes: use the primary's address, or that of the replica set.";
    case "privileges":
      return `the user is not allowed ${f.missing.join(", ")} on database ${f.database}: grant the role readWrite on it${f.missing.includes("collMod") ? ", and dbAdmin" : ""}.`;
    case "disk-small":
      return `${size(f.free)} are free on the server's disk, and the documents will need about ${size(f.needed)}: free some space there.`;
    case "name-reserved":
      return `${f.namespace} is a name of the server's own or of ours: name another database in the URL.`;
    case "name-unfit":
      return `MongoDB takes no ${mongodbNameText(f.why)}: ${f.namespace}. ${f.why.startsWith("database") ? "Name another database in the URL." : "Export without it (--exclude), or name another database in the URL where that makes the name short enough."}`;
    case "database-case":
      return `the databases ${f.database} and ${f.other} differ in capitals alone, and MongoDB takes one of them: name another database in the URL.`;
    case "collections-collide":
      return `${f.sources.join(" and ")} would share ${f.namespace}: leave the database out of the URL, or export them apart.`;
    case "restore-unfinished":
      return `${f.namespace} is of a restore that is not finished: finish that one, or load into another database.`;
    case "collection-taken":
      return `${f.namespace} has documents that no load of ours put there: load into another database, or rename it where nothing uses it.`;
    case "collection-differs":
      return `${f.namespace} is there already with another ${f.differs === "options" ? "set of options" : f.differs} (${short(f.found)} instead of ${short(f.expected)}): load into another database, or rename it where nothing uses it.`;
    case "unique-index":
      return `${f.namespace} has the unique index ${f.index}, which the archive has not, so that documents could shut each other out: keep what getIndexes() says of it, drop it, and create it again after the load.`;
    case "expiring-index":
      return `${f.namespace} has the index ${f.index}, which deletes documents when their time is up: keep what getIndexes() says of it, drop it, and create it again after the load.`;
    case "ledger-foreign":
      return `${f.namespace} is of a load of another archive${f.part === undefined ? "" : ` (${f.part})`}: load into another database. ${anew(f.namespace)}`;
    case "ledger-counts":
      return `firebreak_ledger does not account for all documents of ${f.part} (was it edited?): load into another database. ${anew(f.namespace)}`;
    case "ledger-documents":
      return `${f.namespace} has ${number(f.found)} documents, and firebreak_ledger says ${number(f.ledger)} were loaded (was it written to, dropped or restored?): load into another database. ${anew(f.namespace)}`;
    case "chain-foreign":
      return `${f.namespace} is of no load of this chain (was it dropped, or loaded from another archive?): load the chain's full archive first, into an empty database, then its deltas in order.`;
    case "chain-unproved":
      return `${f.namespace} was never proved to be as the archive before says: load that archive again, to its end (with --replay-quarantine where that was cut off).`;
    case "chain-documents":
      return `${f.namespace} has ${number(f.found)} documents, and had ${number(f.expected)} when the archive before was proved (was it written to?): pnpm checksum with the archive before names what differs.`;
    case "replay-unloaded":
      return `${f.missing} of the ${f.parts} parts of ${f.namespace} are not loaded yet: run load without --replay-quarantine first.`;
  }
}

/** Returns the remedy that loads a collection from the beginning. Its documents stay, under another name. */
function anew(namespace: string): string {
  const collection = namespace.slice(namespace.indexOf(".") + 1);
  return `To load it anew here, see that nothing uses it, rename it (renameCollection), and run db.firebreak_ledger.deleteMany({"_id.load": ${JSON.stringify(collection)}}).`;
}

function short(text: string): string {
  const characters = Array.from(text);
  return characters.length <= 200 ? text : `${characters.slice(0, 200).join("")}…`;
}

function documents(count: number): string {
  return `${number(count)} ${count === 1 ? "document" : "documents"}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function size(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

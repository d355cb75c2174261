import {
  eachPart,
  fileInArchive,
  MANIFEST,
  namespaceAccount,
  type SourceNamespace,
  type TransformedFolders,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { FieldFound } from "./field-found.ts";
import { inspectFault, type InspectStep } from "./inspect-faults.ts";
import { matchingLines } from "./matching-lines.ts";
import {
  archiveFacts,
  namespaceFacts,
  readManifests,
  type ArchiveFacts,
  type NamespaceFacts,
} from "./overview.ts";
import type { SurveyTask } from "./survey-worker.ts";
import { emptySurvey, mergeSurvey, type Survey } from "./survey.ts";

const TELL_EVERY_MS = 250;

export interface InspectOptions extends TransformedFolders {
  readonly archive: string;
  /** The one namespace to survey. Missing for an overview of all. */
  readonly namespace: string | undefined;
  /** A text: the documents of that namespace that contain it are returned instead of a survey. */
  readonly grep: string | undefined;
  readonly jobs: number;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/** A survey of the documents of a namespace. Fields are in the order in which they were first met. */
export interface SurveyFacts {
  readonly namespace: string;
  readonly lines: number;
  readonly rawLines: number;
  readonly fields: readonly (FieldFound & { readonly name: string })[];
  readonly furtherValues: number;
}

export type InspectEvent =
  | InspectStep
  | ({ readonly kind: "archive" } & ArchiveFacts)
  | ({ readonly kind: "namespace" } & NamespaceFacts)
  | ({ readonly kind: "survey" } & SurveyFacts)
  /** Whole lines with their line ends. */
  | { readonly kind: "lines"; readonly namespace: string; readonly bytes: Buffer };

/**
 * Describes an archive, without a database: an overview from the manifests alone, a survey of one namespace
 * from all its lines, or its lines that contain a text.
 *
 * @throws {FirebreakError} `namespace-unknown`, or an error of archive.
 */
export async function* inspectArchive(options: InspectOptions): AsyncGenerator<InspectEvent> {
  const { archive, namespace, grep } = options;
  const manifests = await readManifests(archive, options, options.identities);
  const { namespaces } = manifests.source.manifest;
  const chosen = namespaces.filter((n) => namespace === undefined || n.namespace === namespace);
  if (namespace !== undefined && chosen.length === 0)
    throw inspectFault("namespace-unknown", {
      archive,
      namespace,
      known: namespaces.map((n) => n.namespace),
    });
  if (grep !== undefined) for (const ns of chosen) yield* findLines(options, ns, Buffer.from(grep));
  else {
    if (namespace === undefined) yield { kind: "archive", ...archiveFacts(archive, manifests) };
    for (const ns of chosen)
      yield { kind: "namespace", ...(await namespaceFacts(archive, manifests, ns, options.identities)) };
    if (namespace !== undefined) for (const ns of chosen) yield* surveyNamespace(options, ns);
  }
  yield {
    kind: "account",
    accounts: chosen.map(namespaceAccount),
  };
}

async function* surveyNamespace(
  { archive, jobs, identities }: InspectOptions,
  ns: SourceNamespace,
): AsyncGenerator<InspectEvent> {
  const counters = new ProgressCounters();
  const pool = new WorkerPool<SurveyTask, Survey>(
    new URL("./survey-worker.js", import.meta.url),
    Math.max(1, Math.min(jobs, ns.parts.length)),
    counters.buffer,
  );
  const surveys = new Array<Survey>(ns.parts.length);
  const work = async (i: number): Promise<void> => {
    const part = ns.parts[i]!;
    surveys[i] = await pool.run({ file: fileInArchive(archive, MANIFEST, part.file), part, identities });
  };
  try {
    for await (const _ of eachPart(ns.parts.keys(), jobs, work))
      yield {
        kind: "progress",
        stage: "survey",
        items: counters.items,
        bytes: counters.bytes,
        totalItems: ns.lineCount,
      };
  } finally {
    await pool.close();
  }
  const all = emptySurvey();
  for (const survey of surveys) mergeSurvey(all, survey);
  yield {
    kind: "survey",
    namespace: ns.namespace,
    lines: all.lines,
    rawLines: all.rawLines,
    fields: [...all.fields].map(([name, field]) => ({ name, ...field })),
    furtherValues: all.furtherValues,
  };
}

/** Reads one part after the other, so that the lines come in their order. */
async function* findLines(
  { archive, identities }: InspectOptions,
  ns: SourceNamespace,
  text: Buffer,
): AsyncGenerator<InspectEvent> {
  const totalItems = ns.parts.reduce((sum, p) => sum + p.plainBytes, 0);
  let bytes = 0;
  let found = 0;
  let toldAt = performance.now();
  for (const part of ns.parts)
    for await (const { lines, readBytes } of matchingLines(
      fileInArchive(archive, MANIFEST, part.file),
      part,
      text,
      identities,
    )) {
      for (const line of lines) yield { kind: "lines", namespace: ns.namespace, bytes: line };
      found += lines.length;
      bytes += readBytes;
      if (performance.now() - toldAt < TELL_EVERY_MS) continue;
      toldAt = performance.now();
      yield { kind: "progress", stage: "search", items: bytes, bytes, totalItems };
    }
  yield {
    kind: "note",
    code: "lines-found",
    fields: { namespace: ns.namespace, found: text.length === 0 ? ns.lineCount : found, lines: ns.lineCount },
  };
}

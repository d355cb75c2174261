import type { DifferencesEvent } from "@firebreak/checksum";
import type { CommandEvent } from "../command.ts";
import type { AlikeWords } from "../messages/language.ts";
import { withoutCounts, withoutName, shardStem, foldedNames } from "./fold-shards.ts";

/** The number of similar shards that get lines of their own. Further ones are only named. */
const SHOWN = 3;

type Named = Extract<CommandEvent, { kind: "note" | "differences" | "namespace" }>;

/** Texts that are alike: the shards whose text was printed, the texts with their counts, and events held. */
interface Told {
  readonly names: Set<string>;
  readonly sayings: Set<string>;
  held: { readonly event: Named; readonly name: string }[];
}

/**
 * Holds back repeated texts about shards. A text counts as repeated only if it differs from earlier ones in
 * names and counts alone. A shard with a different text gets its own lines.
 */
export class AlikeTexts {
  readonly #words: AlikeWords;
  readonly #told = new Map<string, Told>();

  constructor(words: AlikeWords) {
    this.#words = words;
  }

  /** Takes an event. Returns true if its text is held back, and false if the caller must print it now. */
  hold(event: Named, text: string): boolean {
    const name = nameOf(event);
    const stem = name === undefined ? undefined : shardStem(name);
    if (name === undefined || stem === undefined) return false;
    const saying = withoutName(text, name);
    const what = event.kind === "differences" ? shapeOf(event) : withoutCounts(saying);
    const key = JSON.stringify([event.kind, stem, what]);
    const told = this.#told.get(key) ?? { names: new Set(), sayings: new Set(), held: [] };
    this.#told.set(key, told);
    told.sayings.add(saying);
    if (told.names.size < SHOWN || told.names.has(name)) {
      told.names.add(name);
      return false;
    }
    told.held.push({ event, name });
    return true;
  }

  /** Returns a summary of the texts held since the last call. The caller prints it before any other text. */
  release(): string[] {
    return [...this.#told.values()].flatMap((told) => {
      const { held, sayings } = told;
      if (held.length === 0) return [];
      told.held = [];
      const names = [...new Set(held.map(({ name }) => name))];
      const differing = held.flatMap(({ event }) => (event.kind === "differences" ? [event] : []));
      return differing.length === 0
        ? this.#words.same(foldedNames(names), names.length, sayings.size > 1)
        : this.#words.differences(foldedNames(names), names.length, sumOf(differing));
    });
  }
}

function nameOf(event: Named): string | undefined {
  if (event.kind === "differences") return event.table;
  if (event.kind === "namespace") return event.namespace;
  const { fields } = event;
  return "table" in fields ? fields.table : "namespace" in fields ? fields.namespace : undefined;
}

/** Returns the kinds of differences in a table. A table that lacks rows is unlike one that has too many. */
function shapeOf({ missing, extra, changed }: DifferencesEvent): string {
  return [missing, extra, changed].map((count) => (count > 0 ? "some" : "none")).join(" ");
}

function sumOf(of: readonly DifferencesEvent[]): Pick<DifferencesEvent, "missing" | "extra" | "changed"> {
  const sum = (count: (one: DifferencesEvent) => number): number => of.reduce((n, one) => n + count(one), 0);
  return { missing: sum((d) => d.missing), extra: sum((d) => d.extra), changed: sum((d) => d.changed) };
}

import type { Fields } from "@firebreak/archive";
import { mergeFieldFound, takeValue, type FieldFound } from "./field-found.ts";

/** Names kept at most: documents used as maps can have millions of names, and memory must stay flat. */
const MAX_NAMES = 5000;

/** What the documents of a namespace hold; plain data, to cross threads. */
export interface Survey {
  lines: number;
  /** Lines of documents that canonical Extended JSON cannot say. */
  rawLines: number;
  /** In the order in which they were first met. */
  readonly fields: Map<string, FieldFound>;
  /** Values under names that came when there were too many already. */
  furtherValues: number;
}

export function emptySurvey(): Survey {
  return { lines: 0, rawLines: 0, fields: new Map(), furtherValues: 0 };
}

/** Takes one top-level field into account. */
export function takeField(survey: Survey, name: string, fields: Fields, i: number): void {
  let field = survey.fields.get(name);
  if (field === undefined) {
    if (survey.fields.size === MAX_NAMES) {
      survey.furtherValues++;
      return;
    }
    field = { documents: 0, kinds: {} };
    survey.fields.set(name, field);
  }
  takeValue(field, fields.kinds[i]!, fields.contents[i]!);
}

/** Adds the survey of another part; in the order of parts, so that the result is the same on every run. */
export function mergeSurvey(into: Survey, other: Survey): void {
  into.lines += other.lines;
  into.rawLines += other.rawLines;
  into.furtherValues += other.furtherValues;
  for (const [name, field] of other.fields) {
    const known = into.fields.get(name);
    if (known !== undefined) mergeFieldFound(known, field);
    else if (into.fields.size < MAX_NAMES) into.fields.set(name, field);
    else into.furtherValues += field.documents;
  }
}

import type { Fields } from "@firebreak/archive";
import { mergeFieldFound, takeValue, type FieldFound } from "./field-found.ts";

/** The most names kept: documents used as maps can have millions of names, and memory must stay flat. */
const MAX_NAMES = 5000;

/** A survey of the documents of a namespace. Plain data, so that threads can exchange it. */
export interface Survey {
  lines: number;
  /** The number of lines whose documents canonical Extended JSON cannot express. */
  rawLines: number;
  /** Fields in the order in which they were first met. */
  readonly fields: Map<string, FieldFound>;
  /** The number of values whose names came after the limit was reached. */
  furtherValues: number;
}

export function emptySurvey(): Survey {
  return { lines: 0, rawLines: 0, fields: new Map(), furtherValues: 0 };
}

/** Adds one top-level field. */
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

/** Adds another part's survey. Parts are added in their order, so that every run gives the same result. */
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

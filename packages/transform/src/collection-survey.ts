import type { Kind } from "@firebreak/archive";
import { emptyFieldSurvey, mergeFieldSurvey, surveyValue, type FieldSurvey } from "./field-survey.ts";

/**
 * Names kept at most. Documents used as maps can have millions of names, and
 * memory must stay flat; the commonest 300 of them are all that get columns.
 * What the survey forgets costs no value: rules check each value themselves.
 */
export const MAX_NAMES = 20_000;

/** What the documents of a collection hold; plain data, to cross threads. */
export interface CollectionSurvey {
  lineCount: number;
  /** Bytes of the longest line: no row's values are longer. */
  maxLineBytes: number;
  fields: Map<string, FieldSurvey>;
}

export function emptyCollectionSurvey(): CollectionSurvey {
  return { lineCount: 0, maxLineBytes: 0, fields: new Map() };
}

/** Takes one top-level field into account. */
export function surveyField(survey: CollectionSurvey, name: string, kind: Kind, content: string): void {
  let field = survey.fields.get(name);
  if (field === undefined) {
    field = emptyFieldSurvey();
    survey.fields.set(name, field);
    if (survey.fields.size > 2 * MAX_NAMES) forgetRarest(survey);
  }
  surveyValue(field, kind, content);
}

/** Adds the survey of another part. In the order of parts the result is the same on every run. */
export function mergeCollectionSurvey(into: CollectionSurvey, other: CollectionSurvey): void {
  into.lineCount += other.lineCount;
  into.maxLineBytes = Math.max(into.maxLineBytes, other.maxLineBytes);
  for (const [name, field] of other.fields) {
    const known = into.fields.get(name);
    if (known === undefined) into.fields.set(name, field);
    else mergeFieldSurvey(known, field);
  }
  if (into.fields.size > 2 * MAX_NAMES) forgetRarest(into);
}

/** How many documents have the field. */
export function countOf(field: FieldSurvey): number {
  return Object.values(field.kinds).reduce((sum, count) => sum + count, 0);
}

/** Field names, the commonest first, equals as they were first met. */
export function commonestFirst(survey: CollectionSurvey): string[] {
  return [...survey.fields]
    .map(([name, field]) => ({ name, count: countOf(field) }))
    .sort((a, b) => b.count - a.count)
    .map(({ name }) => name);
}

function forgetRarest(survey: CollectionSurvey): void {
  for (const name of commonestFirst(survey).slice(MAX_NAMES)) if (name !== "_id") survey.fields.delete(name);
}

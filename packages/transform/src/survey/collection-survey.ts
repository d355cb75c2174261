import type { Kind } from "@firebreak/archive";
import { emptyFieldSurvey, mergeFieldSurvey, surveyValue, type FieldSurvey } from "./field-survey.ts";

/**
 * The most field names that a survey keeps. Documents used as maps can have millions of names, and memory
 * must stay flat. Only the 300 commonest names get columns anyway. Forgetting a name loses no value, because
 * each rule checks each value itself.
 */
export const MAX_NAMES = 20_000;

/** A summary of a collection's documents, as plain data that can cross threads. */
export interface CollectionSurvey {
  lineCount: number;
  /** The length of the longest line in bytes. No row's values are longer. */
  maxLineBytes: number;
  fields: Map<string, FieldSurvey>;
}

export function emptyCollectionSurvey(): CollectionSurvey {
  return { lineCount: 0, maxLineBytes: 0, fields: new Map() };
}

/** Adds one top-level field to the survey. */
export function surveyField(survey: CollectionSurvey, name: string, kind: Kind, content: string): void {
  let field = survey.fields.get(name);
  if (field === undefined) {
    field = emptyFieldSurvey();
    survey.fields.set(name, field);
    if (survey.fields.size > 2 * MAX_NAMES) forgetRarest(survey);
  }
  surveyValue(field, kind, content);
}

/** Adds the survey of another part. If parts are merged in order, every run gives the same result. */
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

/** Returns the number of documents that have the field. */
export function countOf(field: FieldSurvey): number {
  return Object.values(field.kinds).reduce((sum, count) => sum + count, 0);
}

/** Returns the field names, the commonest first. Equal counts keep the order of first occurrence. */
export function commonestFirst(survey: CollectionSurvey): string[] {
  return [...survey.fields]
    .map(([name, field]) => ({ name, count: countOf(field) }))
    .sort((a, b) => b.count - a.count)
    .map(({ name }) => name);
}

function forgetRarest(survey: CollectionSurvey): void {
  for (const name of commonestFirst(survey).slice(MAX_NAMES)) if (name !== "_id") survey.fields.delete(name);
}

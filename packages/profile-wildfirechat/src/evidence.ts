/** How many samples agree with each candidate. */
export interface Evidence {
  readonly sampleCount: number;
  readonly candidates: readonly { readonly candidate: string; readonly agreeCount: number }[];
  /** Samples that some candidates agree with and others do not, or that speak for none of them: only these can decide. */
  readonly tellingCount: number;
  /** Of the telling samples, how many agree with each candidate. */
  readonly telling: readonly { readonly candidate: string; readonly agreeCount: number }[];
}

export type Verdict =
  | { readonly kind: "decided"; readonly value: string; readonly evidence: Evidence }
  /** Nothing tells, or too much tells otherwise: ask. */
  | { readonly kind: "mixed"; readonly evidence: Evidence };

/**
 * Of the telling samples this share must agree: some rows of every site are odd.
 * In a zone an hour from the nearest candidate a tenth of them is for none.
 */
const DECIDING_SHARE = 0.97;

/**
 * Counts samples for and against candidates of one question, in memory that
 * does not grow; counts of several parts add up.
 */
export class EvidenceCounter<Sample> {
  readonly #candidates: readonly string[];
  readonly #agrees: (candidate: string, sample: Sample) => boolean;
  readonly #isForAnother: (sample: Sample) => boolean;
  readonly #agreeing: number[];
  readonly #telling: number[];
  #sampleCount = 0;
  #tellingCount = 0;

  /** @param isForAnother whether a sample that no candidate agrees with speaks for one that was not thought of. */
  constructor(
    candidates: readonly string[],
    agrees: (candidate: string, sample: Sample) => boolean,
    isForAnother: (sample: Sample) => boolean = () => false,
  ) {
    this.#candidates = candidates;
    this.#agrees = agrees;
    this.#isForAnother = isForAnother;
    this.#agreeing = candidates.map(() => 0);
    this.#telling = candidates.map(() => 0);
  }

  add(sample: Sample): void {
    this.#sampleCount++;
    const agreeing = this.#candidates.map((candidate) => this.#agrees(candidate, sample));
    const isTelling = agreeing.includes(true) ? agreeing.includes(false) : this.#isForAnother(sample);
    if (isTelling) this.#tellingCount++;
    agreeing.forEach((agrees, i) => {
      if (!agrees) return;
      this.#agreeing[i]!++;
      if (isTelling) this.#telling[i]!++;
    });
  }

  evidence(): Evidence {
    const counts = (of: readonly number[]): Evidence["candidates"] =>
      this.#candidates.map((candidate, i) => ({ candidate, agreeCount: of[i]! }));
    return {
      sampleCount: this.#sampleCount,
      candidates: counts(this.#agreeing),
      tellingCount: this.#tellingCount,
      telling: counts(this.#telling),
    };
  }
}

/** Counts of the same candidates in the same order, added. */
export function addEvidence(one: Evidence, other: Evidence): Evidence {
  const sum = (a: Evidence["candidates"], b: Evidence["candidates"]): Evidence["candidates"] =>
    a.map(({ candidate, agreeCount }, i) => ({ candidate, agreeCount: agreeCount + b[i]!.agreeCount }));
  return {
    sampleCount: one.sampleCount + other.sampleCount,
    candidates: sum(one.candidates, other.candidates),
    tellingCount: one.tellingCount + other.tellingCount,
    telling: sum(one.telling, other.telling),
  };
}

/**
 * The candidate that at least 97 in 100 of the telling samples agree with. Two
 * such candidates, or no telling sample, decide nothing.
 */
export function verdictOf(evidence: Evidence): Verdict {
  const { tellingCount, telling } = evidence;
  const fit = telling.filter(({ agreeCount }) => agreeCount >= tellingCount * DECIDING_SHARE);
  const [only] = fit;
  return tellingCount > 0 && fit.length === 1 && only !== undefined
    ? { kind: "decided", value: only.candidate, evidence }
    : { kind: "mixed", evidence };
}

/** Whether less than half of the samples agree with a candidate, as those of a wrong zone do that is nobody's. */
export function isUnsupported(value: string, evidence: Evidence): boolean {
  const own = evidence.candidates.find(({ candidate }) => candidate === value)?.agreeCount ?? 0;
  return own * 2 < evidence.sampleCount;
}

/**
 * Whether a setting that a person gave can stand beside the rows: it is refused
 * where more of the telling samples speak for another candidate than for it.
 */
export function isContradicted(value: string, { telling }: Evidence): boolean {
  const own = telling.find(({ candidate }) => candidate === value)?.agreeCount ?? 0;
  return telling.some(({ candidate, agreeCount }) => candidate !== value && agreeCount > own);
}

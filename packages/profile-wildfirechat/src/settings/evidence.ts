import { SurveysDiffer } from "@firebreak/transform";
/** The number of samples that agree with each candidate. */
export interface Evidence {
  readonly sampleCount: number;
  readonly candidates: readonly { readonly candidate: string; readonly agreeCount: number }[];
  /**
   * The number of samples that agree with some candidates and not with others, or that speak against all.
   * Only these decide.
   */
  readonly tellingCount: number;
  /** The number of telling samples that agree with each candidate. */
  readonly telling: readonly { readonly candidate: string; readonly agreeCount: number }[];
}

export type Verdict =
  | { readonly kind: "decided"; readonly value: string; readonly evidence: Evidence }
  /** No sample tells, or too many tell something else: the user must decide. */
  | { readonly kind: "mixed"; readonly evidence: Evidence };

/**
 * The share of the telling samples that must agree, because every site has some odd rows. If the real zone is
 * an hour from the nearest candidate, a tenth of them agree with none.
 */
const DECIDING_SHARE = 0.97;

/**
 * Counts samples for and against the candidates of one question, in memory that does not grow. Counts of
 * several parts can be added.
 */
export class EvidenceCounter<Sample> {
  readonly #candidates: readonly string[];
  readonly #agrees: (candidate: string, sample: Sample) => boolean;
  readonly #isForAnother: (sample: Sample) => boolean;
  readonly #agreeing: number[];
  readonly #telling: number[];
  #sampleCount = 0;
  #tellingCount = 0;

  /**
   * @param isForAnother true if a sample that agrees with no candidate speaks for a value that is not among
   * them.
   */
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

/** Adds counts of the same candidates in the same order. */
export function addEvidence(one: Evidence, other: Evidence): Evidence {
  const sum = (a: Evidence["candidates"], b: Evidence["candidates"]): Evidence["candidates"] =>
    a.map(({ candidate, agreeCount }, i) => ({ candidate, agreeCount: agreeCount + b[i]!.agreeCount }));
  const names = ({ candidates }: Evidence): string => candidates.map((c) => c.candidate).join("\0");
  if (names(one) !== names(other)) throw new SurveysDiffer("the candidates for a setting differ");
  return {
    sampleCount: one.sampleCount + other.sampleCount,
    candidates: sum(one.candidates, other.candidates),
    tellingCount: one.tellingCount + other.tellingCount,
    telling: sum(one.telling, other.telling),
  };
}

/**
 * Returns the candidate that at least 97 in 100 of the telling samples agree with. If there are two such
 * candidates, or no telling samples, nothing is decided.
 */
export function verdictOf(evidence: Evidence): Verdict {
  const { tellingCount, telling } = evidence;
  const fit = telling.filter(({ agreeCount }) => agreeCount >= tellingCount * DECIDING_SHARE);
  const [only] = fit;
  return tellingCount > 0 && fit.length === 1 && only !== undefined
    ? { kind: "decided", value: only.candidate, evidence }
    : { kind: "mixed", evidence };
}

/** True if less than half of the samples agree with a candidate. This happens with a wrong zone. */
export function isUnsupported(value: string, evidence: Evidence): boolean {
  const own = evidence.candidates.find(({ candidate }) => candidate === value)?.agreeCount ?? 0;
  return own * 2 < evidence.sampleCount;
}

/**
 * True if the rows contradict a value that the user gave: more of the telling samples agree with another
 * candidate than with it.
 */
export function isContradicted(value: string, { telling }: Evidence): boolean {
  const own = telling.find(({ candidate }) => candidate === value)?.agreeCount ?? 0;
  return telling.some(({ candidate, agreeCount }) => candidate !== value && agreeCount > own);
}

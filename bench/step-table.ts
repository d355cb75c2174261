import type { ProcessFigures } from "./measure-process.ts";
import { textTable } from "./text-table.ts";

export const PEAK_GOAL_MIB = 400;

/** One step beside its floor. */
export interface MeasuredStep {
  readonly step: string;
  readonly figures: ProcessFigures;
  readonly floor: string;
  /** Undefined where the floor could not be measured. */
  readonly floorSeconds: number | undefined;
  /** `time`: at most `goal` times the floor's time; `speed`: at least `goal` of the floor's speed. */
  readonly goalOf: "time" | "speed";
  readonly goal: number;
}

export function stepTable(steps: readonly MeasuredStep[], documents: number): string {
  const head = [
    "step",
    "s",
    "CPU s",
    "peak MiB",
    "documents/s",
    "floor",
    "s",
    "ratio",
    "goal",
    "met",
    "memory",
  ];
  const rows = steps.map(({ step, figures, floor, floorSeconds, goalOf, goal }) => {
    const { wallSeconds, cpuSeconds, peakMib } = figures;
    const ratio =
      floorSeconds === undefined
        ? undefined
        : goalOf === "time"
          ? wallSeconds / floorSeconds
          : floorSeconds / wallSeconds;
    const isMet = ratio === undefined ? undefined : goalOf === "time" ? ratio <= goal : ratio >= goal;
    return [
      step,
      wallSeconds.toFixed(2),
      cpuSeconds.toFixed(2),
      peakMib?.toFixed(0) ?? "?",
      Math.round(documents / wallSeconds).toLocaleString("en-US"),
      floor,
      floorSeconds?.toFixed(2) ?? "?",
      ratio?.toFixed(2) ?? "?",
      goalOf === "time" ? `<= ${goal}x its time` : `>= ${goal} of its speed`,
      answer(isMet),
      answer(peakMib === undefined ? undefined : peakMib < PEAK_GOAL_MIB),
    ];
  });
  return `${textTable([head, ...rows])}memory: a peak under ${PEAK_GOAL_MIB} MiB\n`;
}

function answer(isMet: boolean | undefined): string {
  return isMet === undefined ? "?" : isMet ? "yes" : "NO";
}

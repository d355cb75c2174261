import type { ProgressTexts } from "../messages/screen-texts.ts";
import { cutToWidth, displayWidth } from "./display-width.ts";
import type { ProgressFigures } from "./progress-state.ts";

const BAR_COLUMNS = 24;
const LEAST_BAR_COLUMNS = 8;

const PIECES = ["items", "total", "percent", "speed", "bytes", "left", "lag"] as const;
type Piece = (typeof PIECES)[number];

/** The order in which pieces go if room is short. The label is cut before the count. The time left stays. */
const LOSSES: readonly Piece[] = ["bytes", "speed", "total", "items", "percent"];
const MAY_CUT_LABEL = LOSSES.indexOf("items");

/**
 * Returns the line that shows a stage's progress on a terminal, in at most the given number of columns. If
 * there is too little room, the bar goes first, then the speeds and the total. Then the label is cut. The
 * count and the percentage go last.
 */
export function progressLine(
  label: string,
  figures: ProgressFigures,
  columns: number,
  texts: ProgressTexts,
): string {
  const pieces = piecesOf(figures, texts);
  const all = PIECES.filter((piece) => pieces[piece] !== undefined);
  let kept = all;
  for (;;) {
    const text = kept.map((piece) => pieces[piece]!).join(" ");
    const room = columns - displayWidth(text) - 1;
    const spare = room - displayWidth(label);
    if (spare >= 0) return `${label}${kept === all ? barIn(spare, figures) : ""} ${text}`;
    const next = LOSSES.findIndex((piece) => kept.includes(piece));
    const isLast = next === -1 || kept.length === 1;
    if (isLast || (next >= MAY_CUT_LABEL && room >= -1))
      return room >= 2 ? `${cutToWidth(label, room)} ${text}` : cutToWidth(text, columns);
    kept = kept.filter((piece) => piece !== LOSSES[next]);
  }
}

/** Returns the line for a log, which keeps its lines. It has all pieces and no bar. */
export function progressLogLine(label: string, figures: ProgressFigures, texts: ProgressTexts): string {
  const pieces = piecesOf(figures, texts);
  return [`${label}:`, ...PIECES.flatMap((piece) => pieces[piece] ?? [])].join(" ");
}

function piecesOf(figures: ProgressFigures, texts: ProgressTexts): Partial<Record<Piece, string>> {
  const { items, total, share, itemsPerSecond, bytesPerSecond, secondsLeft, lagSeconds } = figures;
  if (lagSeconds !== undefined) return { lag: texts.lag(lagSeconds) };
  return {
    items: texts.items(items),
    ...(total === undefined ? {} : { total: texts.total(total.items, total.is) }),
    ...(share === undefined ? {} : { percent: `(${Math.floor(share * 100)} %)` }),
    ...(itemsPerSecond === undefined ? {} : { speed: texts.speed(itemsPerSecond) }),
    ...(bytesPerSecond === undefined ? {} : { bytes: texts.bytes(bytesPerSecond) }),
    ...(secondsLeft === undefined ? {} : { left: texts.left(secondsLeft) }),
  };
}

/** Returns a space and a bar that fits the room, or an empty text if there is too little room. */
function barIn(spare: number, { share }: ProgressFigures): string {
  const columns = Math.min(BAR_COLUMNS, spare - 1);
  if (share === undefined || columns < LEAST_BAR_COLUMNS) return "";
  const full = Math.floor(share * columns);
  return ` ${"█".repeat(full)}${"░".repeat(columns - full)}`;
}

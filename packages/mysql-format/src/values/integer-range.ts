const BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

interface IntegerRange {
  readonly least: bigint;
  readonly most: bigint;
}

const RANGES = new Map<string, IntegerRange>();

/** Returns the range of an integer column of this type (manual, 11.1.2). */
export function integerRange(sqlType: string): IntegerRange {
  let range = RANGES.get(sqlType);
  if (range === undefined) {
    const bits = BigInt(BITS[/^\w+/.exec(sqlType)?.[0] ?? ""] ?? 64);
    range = /unsigned|zerofill/.test(sqlType)
      ? { least: 0n, most: (1n << bits) - 1n }
      : { least: -(1n << (bits - 1n)), most: (1n << (bits - 1n)) - 1n };
    RANGES.set(sqlType, range);
  }
  return range;
}

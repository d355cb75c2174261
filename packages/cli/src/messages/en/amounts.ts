import type { Interval } from "@firebreak/plan";

export function interval({ low, high }: Interval): string {
  return `${duration(low)} to ${duration(high)}`;
}

export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export function bytes(value: number): string {
  let [size, unit] = [value, 0];
  for (; size >= 1024 && unit < UNITS.length - 1; unit++) size /= 1024;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]!}`;
}

export function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : number(value);
}

import type { ProgressTexts } from "./catalogue.ts";

/** What a line of progress says, in English. */
export const progressTexts: ProgressTexts = {
  items: count,
  total: (items, is) => {
    switch (is) {
      case "known":
        return `of ${count(items)}`;
      case "estimate":
        return `of about ${count(items)}`;
      case "so-far":
        return `of ${count(items)} so far`;
    }
  },
  speed: (itemsPerSecond) => `${count(Math.round(itemsPerSecond))}/s`,
  bytes: (bytesPerSecond) => `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`,
  left: (seconds) => `${duration(seconds)} left`,
  lag: (seconds) => `${count(seconds)} s behind the source`,
};

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0
    ? `${whole} s`
    : minutes < 60
      ? `${minutes} min ${whole % 60} s`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Returns the modes of a stored object, in one order. Since 8.0.11 MySQL has no NO_AUTO_CREATE_USER
 * and always does what it says (manual, 7.1.11).
 */
export function plainModes(modes: string, target: "mysql" | "mariadb"): string {
  return modes
    .split(",")
    .filter((mode) => target !== "mysql" || mode !== "NO_AUTO_CREATE_USER")
    .sort()
    .join(",");
}

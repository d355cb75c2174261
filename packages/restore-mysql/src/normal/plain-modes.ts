/**
 * The modes of a stored object, in one order. NO_AUTO_CREATE_USER is what MySQL
 * always does since 8.0.11, where it has no such mode any more (manual, 7.1.11).
 */
export function plainModes(modes: string, target: "mysql" | "mariadb"): string {
  return modes
    .split(",")
    .filter((mode) => target !== "mysql" || mode !== "NO_AUTO_CREATE_USER")
    .sort()
    .join(",");
}

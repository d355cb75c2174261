/** Returns the URL of a server without a database, since the plan says where each object goes. */
export function serverUrl(url: string): string {
  const parsed = URL.parse(url);
  // The code that connects reports what is wrong with the URL.
  if (parsed === null) return url;
  parsed.pathname = "/";
  return parsed.href;
}

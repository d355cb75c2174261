/** The URL of a server, whatever database is named in it: what is restored says itself where it goes. */
export function serverUrl(url: string): string {
  const parsed = URL.parse(url);
  // What is wrong with it is for whoever connects to say.
  if (parsed === null) return url;
  parsed.pathname = "/";
  return parsed.href;
}

import { FirebreakError, type DatabaseKind } from "@firebreak/archive";
import type { CommandEvent } from "../command.ts";
import { asksPassword, hasSecret, withPassword } from "../database-urls.ts";
import type { Dialogue } from "../dialogue.ts";
import type { Settings } from "../settings.ts";
import { urlFile, type UrlAnswer } from "./settings-files.ts";

/** The database whose URL is asked for. */
export interface UrlQuestion {
  readonly kind: DatabaseKind;
  readonly role: "source" | "target";
  /** The settings file, beside which a URL with a password is kept. */
  readonly file: string;
}

/** A URL that was tried, and the names of what its server has. */
interface AskedUrl {
  readonly answer: UrlAnswer;
  readonly names: readonly string[];
}

/** A URL with its password, and the way to give it to the commands if the person has settled that. */
interface Tried {
  readonly url: string;
  readonly keep?: UrlAnswer["keep"];
}

/**
 * Returns the URL that the person gave, or that they answer with. It is tried, and what the server shows is
 * yielded. If the server does not answer, the person may say another URL, unless they gave it with --yes.
 *
 * @param dialogue undefined if nobody can be asked. Then a server that does not answer ends the command.
 * @throws {FirebreakError} `url-missing`, any fault of a URL or its server.
 */
export async function* askUrl(
  settings: Settings,
  question: UrlQuestion,
  dialogue: Dialogue | undefined,
): AsyncGenerator<CommandEvent, AskedUrl> {
  const { kind } = question;
  let isGiven = dialogue === undefined || settings.urls.has(kind);
  for (;;)
    try {
      const tried = isGiven ? await given(settings, kind) : await typed(question, dialogue!);
      const { foundServer } = await import("@firebreak/inspect/found-server");
      const { names, ...fields } = await foundServer(kind, tried.url);
      yield { kind: "note", code: "server-found", fields };
      const asked = settings.isOn("yes") ? undefined : dialogue;
      const keep = tried.keep ?? (await keepFor(tried.url, question, asked));
      return { answer: { kind, keep }, names };
    } catch (error) {
      const isFinal = dialogue === undefined || (isGiven && settings.isOn("yes"));
      if (isFinal || !(error instanceof FirebreakError)) throw error;
      dialogue.tell(error);
      isGiven = false;
    }
}

async function given(settings: Settings, kind: DatabaseKind): Promise<Tried> {
  const url = await (kind === "mysql" ? settings.mysqlUrl : settings.mongodbUrl);
  const file = settings.urls.fileOf(kind);
  if (file !== undefined) return { url, keep: { as: "file", file } };
  const said = settings.urls.typed(kind);
  const canBeRead = said !== undefined && asksPassword(said) && !hasSecret(said);
  return canBeRead ? { url, keep: { as: "url", url: said } } : { url };
}

async function typed({ kind, role }: UrlQuestion, dialogue: Dialogue): Promise<Tried> {
  let url = "";
  while (url === "") url = await dialogue.line("init-url", { kind, role });
  const hasUserAlone = /^[^:]+:\/\/[^/?#@:]+@/.test(url);
  if (!hasUserAlone && !asksPassword(url)) return { url };
  return { url: withPassword(url, await dialogue.secret("init-password", {})) };
}

/**
 * Decides how the settings give a URL to the commands. A password goes to a file that only its owner can
 * read, unless the person wants to be asked for it each time.
 */
async function keepFor(
  url: string,
  { kind, file }: UrlQuestion,
  dialogue: Dialogue | undefined,
): Promise<UrlAnswer["keep"]> {
  if (!hasSecret(url)) return { as: "url", url };
  const asking = url.replace(/^([^:]+:\/\/[^/?#@:]*):[^@]*@/, "$1:?@");
  const isKept =
    dialogue === undefined ||
    // A secret among the options of the URL cannot be asked for.
    hasSecret(asking) ||
    !/^no?$/i.test(await dialogue.line("init-keep", { file: urlFile(file, kind) }));
  return isKept ? { as: "new-file", url } : { as: "url", url: asking };
}

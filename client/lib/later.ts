// Parts of the client that a page loads when it first calls one of their functions.
import { GuestClientError } from './errors.ts'
import { once } from './once.ts'
import { within } from './within.ts'

/** How long one attempt to load a chunk may take: somebody waits, perhaps all tabs for a lock. */
const patienceMilliseconds = 15_000

/** Loads a chunk; with `again`, even if an earlier attempt is still under way. */
export type Load<Chunk> = (again?: boolean) => Promise<Chunk>

/** A part that is made of a chunk when it is first needed. */
export interface Later<Part> {
  /** Loads and makes it, once. Rejects with `client_incomplete` or `client_outdated`; the next call tries again. */
  get: () => Promise<Part>
  /** The part, if it is there already. */
  made?: Part
}

/** The part that `make` makes of a chunk. */
export function later<Chunk, Part>(
  load: Load<Chunk>,
  make: (chunk: Chunk) => Part | Promise<Part>,
): Later<Part> {
  const part: Later<Part> = {
    get: once(async () => {
      part.made ??= await make(await loadChunk(load))
      return part.made
    }),
  }
  return part
}

type Function = (...given: unknown[]) => unknown

/** The functions of these names, which load their part when one of them is first called. */
export const functionsOf = <Part, const Name extends keyof Part>(get: () => Promise<Part>, names: Name[]) =>
  Object.fromEntries(
    names.map((name) => [name, async (...given: unknown[]) => ((await get())[name] as Function)(...given)]),
  ) as Pick<Part, Name>

/** Some names of functions, by the group to which they belong. */
type Groups<Part> = { [Group in keyof Part]?: (keyof Part[Group])[] }

/** The groups of functions of these names, which load their part when one of them is first called. */
export const groupsOf = <Part, Names extends Groups<Part>>(
  { get }: Later<Part>,
  names: Names & Groups<Part>,
) =>
  Object.fromEntries(
    Object.entries(names).map(([group, names]) => [
      group,
      functionsOf(async () => (await get())[group as keyof Part], names as never[]),
    ]),
  ) as { [Group in keyof Names & keyof Part]: Part[Group] }

/**
 * Loads a chunk, and if that fails once more. Errors: `client_outdated` if there is no such file any more, because the
 * service has another version than the page; otherwise `client_incomplete`.
 */
export async function loadChunk<Chunk>(load: Load<Chunk>): Promise<Chunk> {
  const attempt = (again: boolean) => within(patienceMilliseconds, () => load(again))
  return attempt(false)
    .catch(() => attempt(true))
    .catch(async (error) => {
      const gone = await isGone(error).catch(() => false)
      throw new GuestClientError(gone ? 'client_outdated' : 'client_incomplete', error)
    })
}

/**
 * Whether the server says that the file is gone. `import()` does not tell, but the error has the URL in most browsers. Many
 * servers of single-page apps answer with their page, and not with 404; a captive portal cannot do that by https. Rejects if
 * the error has no URL, or the server cannot be asked.
 */
async function isGone(error: unknown): Promise<boolean> {
  const [url] = String(error).match(/https?:[^\s)]+/)!
  const ask = (signal: AbortSignal) => fetch(url, { method: 'HEAD', signal })
  const { ok, redirected, status, headers } = await within(patienceMilliseconds / 3, ask)
  const isPage = ok && !redirected && !/javascript/.test(headers.get('content-type')!)
  return status === 404 || status === 410 || (isPage && /^https/.test(url))
}

// “Later” is believed: not in this session, then after 7 days, then after 30, then no more.

const DAYS = [7, 30]
const DAY_MILLISECONDS = 86_400_000

interface Put {
  /** How often it was put off. */
  times: number
  /** When, in milliseconds. */
  at: number
}

const keyOf = (what: string) => `guestkey-later-${what}`

// A browser may refuse its storage. Then it asks again, at the next moment.
function read(what: string): Put | undefined {
  try {
    return JSON.parse(localStorage[keyOf(what)]) as Put
  } catch {
    return undefined
  }
}

/** Whether a person may be asked this again. The question about a passkey on this device is asked once. */
export function mayAsk(what: string, now = Date.now()): boolean {
  const put = read(what)
  if (!put) return true
  const days = what === 'add_here' ? undefined : DAYS[put.times - 1]
  return days !== undefined && now >= put.at + days * DAY_MILLISECONDS && !isThisSession(what)
}

/** Notes that a person said “later”. */
export function putOff(what: string, now = Date.now()): void {
  try {
    localStorage[keyOf(what)] = JSON.stringify({ times: (read(what)?.times ?? 0) + 1, at: now } satisfies Put)
    sessionStorage[keyOf(what)] = '1'
  } catch {}
}

function isThisSession(what: string): boolean {
  try {
    return sessionStorage[keyOf(what)] === '1'
  } catch {
    return false
  }
}

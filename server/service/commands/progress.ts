// Prints the progress of a command: on a terminal one line that updates itself, elsewhere a new line every 10 percent.

const RENEW_MILLISECONDS = 200

export const formatCount = (n: number): string => Math.round(n).toLocaleString('en')

export const formatBytes = (bytes: number): string =>
  bytes < 1e6
    ? `${formatCount(Math.ceil(bytes / 1000))} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`

/**
 * Returns a function that takes how much of `total` is done by now, and prints the progress when it is due. `unit`
 * names what is counted, such as `rows`. Without it, only the percentage is printed.
 */
export function createProgress(what: string, total: number, unit?: string): (done: number) => void {
  const began = performance.now()
  const terminal = process.stdout.isTTY === true
  let saidAt = 0
  let saidTenth = 0
  return (done) => {
    const share = total === 0 ? 1 : Math.min(1, done / total)
    const now = performance.now()
    const due = terminal ? now - saidAt >= RENEW_MILLISECONDS : Math.floor(share * 10) > saidTenth
    if (!due && !(terminal && share === 1)) return
    saidAt = now
    saidTenth = Math.floor(share * 10)
    const line = `${what}: ${Math.floor(share * 100)} %${unit ? details(done, now - began) : ''}`
    if (!terminal) process.stdout.write(`${line}\n`)
    else process.stdout.write(`\r\x1b[K${line}${share === 1 ? '\n' : ''}`)
  }

  function details(done: number, milliseconds: number): string {
    const rate = done / Math.max(0.001, milliseconds / 1000)
    const left = done < total ? `, ${duration((total - done) / rate)} left` : ''
    return `, ${formatCount(done)} of ${formatCount(total)} ${unit}, ${formatCount(rate)} ${unit}/s${left}`
  }
}

const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`

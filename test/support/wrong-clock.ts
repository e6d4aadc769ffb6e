// The clock of a process that is wrong, as its machine's would be.

/** The environment of a process whose clock is ahead by so many seconds. */
export function clockAhead(seconds: number): { NODE_OPTIONS: string } {
  const code = `const now = Date.now
    globalThis.Date = class extends Date {
      constructor(...given) { given.length ? super(...given) : super(Date.now()) }
      static now() { return now() + ${seconds * 1000} }
    }`
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` }
}

// Reads the JSON objects of a file: one on each line, or all in one JSON document.

import { createReadStream } from 'node:fs'

/** `value` is the object that begins on this line (counted from 1). `problem` says why it could not be read. */
export type Entry = { line: number; value?: Record<string, unknown>; problem?: string }

/** The maximum length of one user: 4 Mi characters. A file with a longer object is not a list of users. */
const MAX_CHARACTERS = 4 * 2 ** 20

/** The beginning of a document with a list of users, such as { "users": [ or { "total_results": 2, "results": [ */
const USER_LIST = /^\s*(?:\[|\{[^{}[\]]*"(?:users|results)"\s*:\s*\[)/
/** The beginning of an object that goes over several lines. */
const SPREAD = /^\s*\{[ \t]*\r?\n/

/**
 * The objects of a file, in their order. It calls `onBytes` with the number of bytes read so far. If one line cannot be
 * parsed, the next lines still are. Throws if the file cannot be read or is not UTF-8, or if a line is too long.
 */
export async function* readEntries(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Entry> {
  const chunks = textOfFile(file, onBytes)
  let head = ''
  let more = await chunks.next()
  while (!more.done && head.length < 4096) {
    head += more.value
    more = await chunks.next()
  }
  async function* all() {
    yield head
    if (!more.done) yield more.value
    yield* chunks
  }
  const list = USER_LIST.exec(head)
  if (list) yield* inDocument(all(), list[0].length)
  else if (SPREAD.test(head)) yield* inDocument(all(), 0)
  else yield* onLines(all())
}

async function* textOfFile(file: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  const decode = (chunk?: Buffer) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch {
      throw new Error(`${file} is not UTF-8 (at or after byte ${bytes}).`)
    }
  }
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 16 })) {
    yield decode(chunk as Buffer)
    bytes += (chunk as Buffer).length
    onBytes(bytes)
  }
  yield decode()
}

async function* onLines(chunks: AsyncIterable<string>): AsyncGenerator<Entry> {
  let line = 0
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const text of lines) {
      line++
      if (text.trim() !== '') yield parseEntry(text, line)
    }
    if (rest.length > MAX_CHARACTERS) throw new Error(`Line ${line + 1} is too long for a user.`)
  }
  if (rest.trim() !== '') yield parseEntry(rest, line + 1)
}

function parseEntry(text: string, line: number): Entry {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { line, value: value as Record<string, unknown> }
    return { line, problem: 'is not a JSON object' }
  } catch {
    return { line, problem: 'is not JSON' }
  }
}

/** Reads one object after the other, separated by spaces or commas. `start` is where their list begins, or 0. */
async function* inDocument(chunks: AsyncIterable<string>, start: number): AsyncGenerator<Entry> {
  let line = 1
  let text = ''
  let at = start
  for await (const chunk of chunks) {
    text += chunk
    line += at > 0 && text.length === chunk.length ? countLines(text.slice(0, at)) : 0
    for (;;) {
      const gap = /[\s,]*/y
      gap.lastIndex = at
      const between = gap.exec(text)![0]
      line += countLines(between)
      at += between.length
      if (at >= text.length) break
      if (text[at] === ']' && start > 0) return
      if (text[at] !== '{') return yield { line, problem: `is not a JSON object. ${UNREAD}` }
      const end = endOfObject(text, at)
      if (end < 0) break
      const object = text.slice(at, end)
      yield parseEntry(object, line)
      line += countLines(object)
      at = end
    }
    text = text.slice(at)
    at = 0
    if (text.length > MAX_CHARACTERS) return yield { line, problem: `is too long for a user. ${UNREAD}` }
  }
  if (text !== '' || start > 0)
    yield { line, problem: 'the file ends here, in the middle of the list or of an object' }
}

const UNREAD = 'The rest of the file was not read'

const countLines = (text: string): number => text.split('\n').length - 1

/** The position after the end of the object that begins at `start`; -1 if the text ends before the object does. */
function endOfObject(text: string, start: number): number {
  const marks = /["{}[\]]/g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const end = endOfString(text, mark.index)
      if (end < 0) return -1
      marks.lastIndex = end
    } else {
      depth += mark[0] === '{' || mark[0] === '[' ? 1 : -1
      if (depth === 0) return mark.index + 1
    }
  }
  return -1
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text[end - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return end + 1
  }
  return -1
}

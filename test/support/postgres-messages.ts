// Splits the stream of the PostgreSQL protocol into messages.

/**
 * Assembles whole messages from pieces of the stream (PostgreSQL, 54.7). The first byte of a message is its type. Only
 * the first message of a client, the start-up, has no type.
 */
export function createSplitter(side: 'client' | 'server'): (piece: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  let untyped = side === 'client'
  return (piece) => {
    rest = Buffer.concat([rest, piece])
    const messages: Buffer[] = []
    for (;;) {
      const head = untyped ? 0 : 1
      if (rest.length < head + 4) return messages
      const end = head + rest.readUInt32BE(head)
      if (rest.length < end) return messages
      messages.push(rest.subarray(0, end))
      rest = rest.subarray(end)
      untyped = false
    }
  }
}

/** The texts at the beginning of a client's message: in a Parse, for example, the name and the statement. */
export const textsOf = (message: Buffer): string[] => message.toString('utf8', 5).split('\0')

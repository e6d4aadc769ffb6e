// PostgreSQL's protocol: what one side sends, message by message.

/**
 * Puts whole messages together from pieces of the stream (PostgreSQL, 54.7): each has its type in the first byte,
 * but for the first one of a client, the start-up.
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

/** The texts that a message of the client begins with: of a Parse the name and the statement, for one. */
export const textsOf = (message: Buffer): string[] => message.toString('utf8', 5).split('\0')

// Messages between the tabs of an origin (BroadcastChannel).

/** See createChannel. */
export interface Channel {
  /** Hears the others from now on. Returns false if it cannot. */
  listen(): boolean
  /** Tells the others something, also without listening. */
  post(message?: unknown): void
  /** Hears nothing any more. */
  close(): void
}

/**
 * A channel of this name, with what a message does. A browser may have no channels, or refuse them, as in a frame of
 * another site: then tabs hear nothing of each other.
 */
export function createChannel(name: string, hear: (message: never) => void): Channel {
  let open: BroadcastChannel | undefined

  return {
    listen() {
      try {
        open ??= new BroadcastChannel(name)
        open.onmessage = ({ data }) => hear(data as never)
      } catch {}
      return Boolean(open)
    },
    post(message = '') {
      try {
        // A channel does not hear its own messages. But it would hear those of a second channel in the same page, so an
        // open one is used.
        const through = open ?? new BroadcastChannel(name)
        through.postMessage(message)
        if (!open) through.close()
      } catch {}
    },
    close() {
      open?.close()
      open = undefined
    },
  }
}

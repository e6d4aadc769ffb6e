// The performance targets of guestkey, in one table.

import { bundlers, mostFirstLoaded } from '../support/first-loads.ts'

/** A target for one figure of a row, alone or against the figure of another column. */
export type Target = {
  row: string
  of: string
  /** Default `perSecond`. */
  figure?: string
  /** The other column: the figure is divided by it (`to`), or it is subtracted (`over`). */
  to?: string
  over?: string
} & ({ atLeast: number } | { atMost: number })

export const targets: Target[] = [
  { row: 'sign-in', of: 'embedded', to: 'B', atLeast: 0.95 },
  { row: 'sign-in', of: 'embedded', to: 'P', atLeast: 10 },
  { row: 'sign-in', of: 'standalone', to: 'B', atLeast: 1.25 },
  { row: 'sign-in', of: 'standalone', to: 'P', atLeast: 35 },

  { row: 'userinfo-sealed', of: 'embedded', to: 'B', atLeast: 0.95 },
  { row: 'userinfo-sealed', of: 'embedded', to: 'P', atLeast: 6 },
  { row: 'userinfo-sealed', of: 'standalone', to: 'Fh', atLeast: 0.8 },
  { row: 'userinfo-sealed', of: 'standalone', to: 'P', atLeast: 15 },

  { row: 'userinfo-stored', of: 'embedded', to: 'B', atLeast: 0.95 },
  { row: 'userinfo-stored', of: 'embedded', to: 'P', atLeast: 6 },
  { row: 'userinfo-stored', of: 'standalone', to: 'Fh', atLeast: 0.8 },
  { row: 'userinfo-stored', of: 'standalone', to: 'P', atLeast: 15 },
  { row: 'userinfo-stored', of: 'postgres', to: 'standalone', atLeast: 0.8 },

  { row: 'passkey', of: 'embedded', to: 'Fe', atLeast: 0.95 },
  { row: 'passkey', of: 'embedded', to: 'P', atLeast: 4 },
  { row: 'passkey', of: 'standalone', to: 'Fh', atLeast: 0.95 },
  { row: 'passkey', of: 'standalone', to: 'P', atLeast: 8 },
  { row: 'passkey', of: 'standalone', figure: 'p99', to: 'Fh', atMost: 1 },
  { row: 'passkey', of: 'postgres', to: 'standalone', atLeast: 0.7 },
  { row: 'passkey', of: 'workers', figure: 'perSecondAlone', to: 'standalone', atLeast: 1.6 },

  { row: 'load-guest', of: 'host', to: 'B', atLeast: 0.92 },
  { row: 'load-guest', of: 'host', figure: 'p99', to: 'B', atMost: 1.2 },
  { row: 'load-guest-bearer-sealed', of: 'host', to: 'B', atLeast: 0.85 },
  { row: 'load-guest-bearer-stored', of: 'host', to: 'B', atLeast: 0.85 },

  { row: 'token-refresh', of: 'embedded', to: 'B', atLeast: 0.5 },
  { row: 'token-refresh', of: 'standalone', to: 'B', atLeast: 0.5 },

  { row: 'signing', of: 'access token', figure: 'CPU, µs', to: 'raw ES256', atMost: 1.3 },

  { row: 'rotation', of: 'sqlite', figure: '401s', atMost: 0 },
  { row: 'rotation', of: 'sqlite', figure: 'not verified', atMost: 0 },
  { row: 'rotation', of: 'postgres', figure: '401s', atMost: 0 },
  { row: 'rotation', of: 'postgres', figure: 'not verified', atMost: 0 },

  { row: 'flood', of: 'flood', figure: 'sign-in p50, ms', to: 'calm', atMost: 2 },
  { row: 'proof-of-work', of: 'page', figure: 'p50, ms', atMost: 300 },
  { row: 'proof-of-work', of: 'page', figure: 'p95, ms', atMost: 1000 },
  { row: 'sweep', of: 'beside', figure: 'sign-in p99, ms', to: 'before', atMost: 1.25 },

  { row: 'start', of: 'built', figure: 'ms', to: 'B', atMost: 1.2 },
  { row: 'start', of: 'standalone', figure: 'ms', to: 'B', atMost: 1.5 },
  { row: 'memory', of: 'built', figure: 'MB', over: 'B', atMost: 15 },
  { row: 'memory', of: 'standalone', figure: 'MB', over: 'B', atMost: 30 },

  { row: 'disk', of: 'anonymous', figure: 'bytes', atMost: 0 },
  { row: 'disk', of: 'small', figure: 'bytes', atMost: 1100 },
  { row: 'disk', of: 'large', figure: 'bytes', atMost: 1100 },
  { row: 'latency', of: 'large', figure: 'sign-in p50, ms', to: 'small', atMost: 1.2 },
  { row: 'latency', of: 'large', figure: 'userinfo p50, ms', to: 'small', atMost: 1.2 },

  { row: 'round-trips', of: 'anonymous sign-in', figure: 'round trips', atMost: 0 },
  { row: 'round-trips', of: 'userinfo, sealed session', figure: 'round trips', atMost: 0 },
  { row: 'round-trips', of: 'userinfo, stored session', figure: 'round trips', atMost: 1 },
  { row: 'round-trips', of: 'passkey sign-in, options', figure: 'round trips', atMost: 0 },
  { row: 'round-trips', of: 'passkey sign-in', figure: 'round trips', atMost: 3 },
  { row: 'round-trips', of: 'passkey sign-in', figure: 'transactions', atMost: 1 },

  ...Object.entries(mostFirstLoaded).flatMap(([figure, most]) =>
    bundlers.map((of) => ({ row: 'client-size', of, figure, atMost: most[of] })),
  ),
  ...bundlers.map((of) => ({ row: 'client-size', of, figure: 'unused', atMost: 0 })),
]

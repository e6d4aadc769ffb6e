// The job that rotates the signing keys after `tokens.signingKeySeconds`, or when the configured algorithm has changed.
// It checks every hour.

import type { Context } from '../../context.ts'
import type { Job } from '../jobs/jobs.ts'

export const rotateSigningKeys: Job = {
  name: 'rotate signing keys',
  everySeconds: 60 * 60,
  async work({ signingKeys }: Context) {
    const due = await signingKeys.due()
    if (due.length > 0) await signingKeys.rotate({ due })
  },
}

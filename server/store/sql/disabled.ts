// Whether a guest is disabled, by its row. A guest without a row has a mark: see verbs/sealed-ends.ts.

import type { Row } from './statement.ts'

/** What the row of a guest says about it. */
export const disabledColumns = 'disabled_at, disabled_until'

/** Whether the guest is disabled now, by the `disabledColumns` of its row. */
export const isDisabled = ({ disabled_at, disabled_until }: Row, now: number): boolean =>
  disabled_at !== null && (disabled_until === null || Number(disabled_until) > now)

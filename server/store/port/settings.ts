// The store's contract for the settings that are changed while guestkey runs.

import type { Setting } from '../../types.ts'
import type { Note } from './trail.ts'

/** A change of a setting. `at`: Unix seconds. `by` and `reason`: as the operator says, or null. */
export type SettingChange = {
  value: Setting['value']
  at: number
  by: string | null
  reason: string | null
}

/** The settings that are not as in the options, by name. `version` grows with every change; 0: there was none yet. */
export type ChangedSettings = { version: number; changes: Record<string, SettingChange> }

export interface SettingReads {
  readSettings(key: Record<never, never>): Promise<ChangedSettings>
}

export interface SettingWrites {
  /**
   * Changes settings, or takes a change back (`change` is null), and writes the note of each. Leaves out what would take
   * back no change. Resolves to the settings as they are then.
   */
  changeSettings(input: {
    settings: { name: string; change: SettingChange | null; note: Note }[]
  }): Promise<ChangedSettings>
}

// Reads the variables of the service without creating any file.

import { type Environment, readEnvironment } from '../environment.ts'

const STAND_IN = 'stands where no secret was given'

/** Reads the variables as the service does, but never creates a secret. Throws OptionsError if one is wrong. */
export function readVariables(env: NodeJS.ProcessEnv): Environment {
  const makesOne = env.NODE_ENV !== 'production' && env.GUESTKEY_SECRET === undefined
  return readEnvironment(makesOne ? { ...env, GUESTKEY_SECRET: STAND_IN } : env)
}

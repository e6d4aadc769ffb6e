// The settings of the service, read without leaving anything behind.

import { type Environment, readEnvironment } from '../environment.ts'

const STAND_IN = 'stands where no secret was given'

/** As the service reads them, but where it would make a secret, none is made. Throws what is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Environment {
  const makesOne = env.NODE_ENV !== 'production' && env.GUESTKEY_SECRET === undefined
  return readEnvironment(makesOne ? { ...env, GUESTKEY_SECRET: STAND_IN } : env)
}

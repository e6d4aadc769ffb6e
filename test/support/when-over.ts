// Cleans up after a test, or after the last test of a file for what its tests share.

import { afterAll, beforeAll, onTestFinished } from 'vitest'

type Work = () => unknown

/** What is to be done after the file, while something shared is being started. */
let ofFile: Work[] | undefined

/** Runs `work` when the test is over; if `sharedInFile` starts this, when the file is. */
export function whenOver(work: Work): void {
  if (ofFile) ofFile.push(work)
  else onTestFinished(async () => void (await work()))
}

/** Starts something before the first test of the file, for all its tests. Returns how a test gets it. */
export function sharedInFile<T>(start: () => Promise<T>): () => T {
  const works: Work[] = []
  let shared: T
  beforeAll(async () => {
    ofFile = works
    try {
      shared = await start()
    } finally {
      ofFile = undefined
    }
  })
  afterAll(async () => {
    for (const work of works.toReversed()) await work()
  })
  return () => shared
}

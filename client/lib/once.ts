// Work that is done once for all who ask for it at the same time.

/** While the work is under way, another call gets the same promise. */
export function once<Params extends unknown[], Result>(work: (...params: Params) => Promise<Result>) {
  let underWay: Promise<Result> | undefined
  return (...params: Params): Promise<Result> => {
    underWay ??= work(...params).finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

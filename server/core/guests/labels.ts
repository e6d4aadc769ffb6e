// The readable label that passkey pickers show for a guest: random words that say nothing about any id or person.

import { randomInt } from 'node:crypto'

const adjectives =
  'amber azure brave bright calm clear cobalt coral cosy crisp deft eager early fair fleet fond gentle glad golden grand green happy hazel hazy indigo ivory jade jolly keen kind lilac lively lucky lunar maple mellow merry mild misty neat nimble noble olive pearl plucky polar proud quick quiet ruby rustic sage scarlet silver snowy solar steady sunny swift teal tidy velvet violet warm'.split(
    ' ',
  )
const animals =
  'alpaca badger beaver bison bobcat crane cricket curlew deer dolphin dove eagle egret elk falcon ferret finch fox gecko gull hare hawk heron ibex ibis jackdaw jay kestrel kiwi koala lark lemur linnet lynx magpie marmot marten mole newt ocelot orca osprey otter owl panda pelican penguin plover puffin quail rabbit raven robin salmon seal shrew sparrow stoat swan tapir tern toucan vole wren'.split(
    ' ',
  )

/** For example `amber-fox-42`, one of about 370,000: labels differ enough for the eye, but are not unique. */
export const newLabel = (): string => labelBy(randomInt)

/** Two random words for people to compare, such as `amber` and `fox`: one of 4,096 pairs. */
export const newWords = (): string[] => [
  adjectives[randomInt(adjectives.length)]!,
  animals[randomInt(animals.length)]!,
]

/** The label of this text (base64url), always the same one. The text must be as good as random. */
export function labelFrom(text: string): string {
  let left = BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`)
  return labelBy((below) => {
    const digit = Number(left % BigInt(below))
    left /= BigInt(below)
    return digit
  })
}

/** `choose(n)` returns a whole number from 0 to n - 1. */
const labelBy = (choose: (below: number) => number): string =>
  `${adjectives[choose(adjectives.length)]}-${animals[choose(animals.length)]}-${10 + choose(90)}`

/** How long something is good for, as a guest reads it. When it is over, the server says. */

const SECOND = 1000
/** Nothing here is good for longer: whoever seems to have more has a clock that is wrong. */
const MOST_SECONDS = 10 * 60 + 5

/** Shows in `element` the time left until `at` (Unix seconds), as far as the clock can be right. Returns its end. */
export function countDown(element: HTMLElement, at: number): () => void {
  const left = () => Math.round(at - Date.now() / SECOND)
  const isPlausible = left() > 0 && left() < MOST_SECONDS
  const show = () => {
    const seconds = Math.max(0, left())
    const text = `Good for ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    element.textContent = isPlausible ? text : ''
  }
  const timer = setInterval(show, SECOND)
  show()
  return () => clearInterval(timer)
}

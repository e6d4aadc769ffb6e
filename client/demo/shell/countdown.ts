// A countdown: shows a guest how long a code is still good. The server decides when it has expired.

const SECOND = 1000
/** Nothing here is good for longer than ten minutes. If more seems to be left, the clock of this device is wrong. */
const MOST_SECONDS = 10 * 60 + 5

/**
 * Shows in `element` the time left until `at` (Unix seconds), or nothing if the clock is clearly wrong. Returns the
 * function that ends it.
 */
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

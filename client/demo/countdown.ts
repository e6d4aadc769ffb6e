/** How long something is good for, as a guest reads it. */

const SECOND = 1000

/** Shows in `element` the time left until `at` (Unix seconds), and calls `over` when there is none. Returns its end. */
export function countDown(element: HTMLElement, at: number, over: () => void): () => void {
  const show = () => {
    const left = Math.max(0, Math.round(at - Date.now() / SECOND))
    const seconds = String(left % 60).padStart(2, '0')
    element.textContent = `Good for ${Math.floor(left / 60)}:${seconds}`
    if (left > 0) return
    stop()
    over()
  }
  const timer = setInterval(show, SECOND)
  const stop = () => clearInterval(timer)
  show()
  return stop
}

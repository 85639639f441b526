/** Number of slices that the timeout is counted in; a pause of the process costs at most one of them. */
const parts = 20;

/**
 * A timeout that counts only time in which the process was running. Aborts with a `TimeoutError`, as
 * `AbortSignal.timeout` does. Sleep of the machine does not count, so a response that arrived meanwhile is read
 * before the timeout fires. Disposing of it stops the count.
 */
export function awakeTimeout(milliseconds: number): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  let left = parts;
  const counting = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(counting);
    over.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  }, milliseconds / parts);
  counting.unref();
  return { signal: over.signal, [Symbol.dispose]: () => clearInterval(counting) };
}

/** How often the time is counted; no more than one of them passes while this process gets no turn. */
const parts = 20;

/**
 * A signal that aborts after `milliseconds` of a process that was awake, with a `TimeoutError` as that of
 * `AbortSignal.timeout`. A machine that slept and a process that got no turn have not waited: an answer that came
 * meanwhile is read before the time is over. Nothing is counted any more after its disposal.
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

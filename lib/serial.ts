// Runs one thing at a time within this process. Between processes there is lock.ts.

/**
 * A queue: each piece of work starts when the one before it has ended, whether that succeeded or failed.
 * @returns a function that puts work into the queue and gives its result
 */
export function serialQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

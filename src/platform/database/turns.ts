/** Lets one in at a time, in the order they came. The returned function lets the next one in; calling it twice does no harm. */
export function turnstile(): () => Promise<() => void> {
  let last = Promise.resolve();
  return async () => {
    const before = last;
    let letNext = (): void => {};
    last = new Promise((resolve) => {
      letNext = resolve;
    });
    await before;
    return letNext;
  };
}

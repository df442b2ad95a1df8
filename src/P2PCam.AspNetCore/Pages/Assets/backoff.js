// How long to wait before the next try.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/** Doubles from a quarter of a second to five seconds; jitter keeps many pages from coming back at the same instant. */
export function pause(failures) {
  const full = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures, 8));
  return full * (0.7 + 0.3 * Math.random());
}

// The stream of patches, and the way back to it when the connection is lost.

import { apply, state } from "./store.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

let wait = FIRST_WAIT;

/**
 * Follow the server for as long as the page is open.
 * @param {(online: boolean) => void} tell
 */
export function follow(tell) {
  const known = state.run ? `?run=${state.run}&after=${state.rev}` : "";
  const stream = new EventSource(`/live${known}`);
  stream.addEventListener("open", () => {
    wait = FIRST_WAIT;
    tell(true);
  });
  stream.addEventListener("patch", (event) => {
    tell(true);
    apply(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    // A stream of one's own each time: it names what is known, wherever the last one broke.
    stream.close();
    tell(false);
    setTimeout(() => follow(tell), wait);
    wait = Math.min(wait * 1.6, LONGEST_WAIT);
  });
}

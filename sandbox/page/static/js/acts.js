// What a person does, told to the server: one thing after the other, in the order it was done.
// A deed that the server did not answer is told again under the same name, and the server does it
// once. One that an earlier run of the server may have done is refused, not repeated.

import { state } from "./store.js";

const RETRY = 1200;
const UPLOAD_TRIES = 5;

let last = Promise.resolve();

/** A refusal in the server's words. */
export class Refused extends Error {}

/**
 * Do something; answers what the server says.
 * @param {string} deed
 * @param {Record<string, any>} asked
 */
export function act(deed, asked) {
  const body = JSON.stringify({ ...asked, run: state.run, once: crypto.randomUUID() });
  const request = { method: "POST", headers: { "content-type": "application/json" }, body };
  return inTurn(() => insist(`/act/${deed}`, request, Infinity));
}

/** Upload a file; `asked` goes into the address. */
export function upload(file, asked) {
  const once = crypto.randomUUID();
  const given = Object.entries({ ...asked, name: file.name || "file", run: state.run, once });
  const query = new URLSearchParams(given.filter(([, value]) => value !== undefined && value !== null));
  const headers = { "content-type": file.type || "application/octet-stream" };
  return inTurn(() => insist(`/act/upload?${query}`, { method: "POST", headers, body: file }, UPLOAD_TRIES));
}

/** Wait for what was done before; whether that was refused does not matter here. */
function inTurn(deed) {
  const done = last.then(deed);
  last = done.catch(() => {});
  return done;
}

/** A file that has gone from the disk looks like a lost connection: so uploads give up. */
async function insist(url, request, tries) {
  for (let tried = 1; ; tried += 1) {
    let response;
    try {
      response = await fetch(url, request);
    } catch {
      if (tried >= tries) throw new Refused("The file could not be sent. Is it still there?");
      await new Promise((done) => setTimeout(done, RETRY));
      continue;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(answer.error ?? `The server said ${response.status}.`);
    return answer;
  }
}

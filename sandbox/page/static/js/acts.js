// What a person does, told to the server. A deed that the server did not answer is told again under
// the same name, and the server does it once.

const RETRY = 1200;

/** A refusal in the server's words. */
export class Refused extends Error {}

/**
 * Do something; answers what the server says.
 * @param {string} deed
 * @param {Record<string, any>} asked
 */
export function act(deed, asked) {
  const body = JSON.stringify({ ...asked, once: crypto.randomUUID() });
  return insist(`/act/${deed}`, { method: "POST", headers: { "content-type": "application/json" }, body });
}

/** Upload a file; `asked` goes into the address. */
export function upload(file, asked) {
  const given = Object.entries({ ...asked, name: file.name || "file", once: crypto.randomUUID() });
  const query = new URLSearchParams(given.filter(([, value]) => value !== undefined && value !== null));
  const headers = { "content-type": file.type || "application/octet-stream" };
  return insist(`/act/upload?${query}`, { method: "POST", headers, body: file });
}

async function insist(url, request) {
  for (;;) {
    let response;
    try {
      response = await fetch(url, request);
    } catch {
      await new Promise((done) => setTimeout(done, RETRY));
      continue;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(answer.error ?? `The server said ${response.status}.`);
    return answer;
  }
}

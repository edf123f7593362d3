// Finding a word, such as a batch's #b12, among the messages of a chat.

import { byId, show, write } from "./dom.js";

/**
 * The search bar of a chat.
 * @param {() => {id: number, text: string}[]} messages those that are shown, oldest first
 * @param {(id: number) => void} jump shows one of them
 */
export function makeFinder(messages, jump) {
  let word = "";
  let found = [];
  let at = 0;

  function step(by) {
    at = (at + by + found.length) % Math.max(1, found.length);
    write(byId("found-text"), `${word}: ${found.length ? at + 1 : 0} of ${found.length}`);
    if (found.length) jump(found[at]);
  }

  byId("found-prev").addEventListener("click", () => step(-1));
  byId("found-next").addEventListener("click", () => step(1));
  byId("found-end").addEventListener("click", () => show(byId("found"), false));

  return function find(wanted) {
    word = wanted;
    found = messages().filter(({ text }) => text.includes(word)).map(({ id }) => id);
    at = found.length - 1;
    show(byId("found"), true);
    step(0);
  };
}

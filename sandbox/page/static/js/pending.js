// Texts that are on their way: shown where they were sent, until the server has them and they have
// come back as messages.

import { el } from "./dom.js";
import { seat } from "./session.js";
import { state } from "./store.js";

const SEEN_AFTER = 150; // milliseconds: on a quick line nobody sees it

/** What is under way: {element, person, chat, thread, ids, shown}; ids is null until the server has it. */
const underway = new Set();

/**
 * Show a text as being sent until it has come back.
 * @param {string} text
 * @param {Promise<{messages: number[]}>} deed
 * @param {() => void} draw draws the place anew where one is
 */
export async function sending(text, deed, draw) {
  const entry = { element: bubble(text), person: seat.person, chat: seat.chat, thread: seat.thread, ids: null, shown: false };
  underway.add(entry);
  const timer = setTimeout(() => {
    entry.shown = true;
    draw();
  }, SEEN_AFTER);
  try {
    entry.ids = new Set((await deed).messages);
    for (const id of entry.ids) if (state.messages.get(entry.chat)?.has(id)) arrived(entry.chat, id);
  } catch (error) {
    leave(entry);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function bubble(text) {
  const mark = el("p", { class: "meta" }, el("span", { "aria-hidden": "true" }, "🕓"));
  const inner = el("div", { class: "bubble" }, el("div", { class: "text", dir: "auto" }, text), mark);
  const column = el("div", { class: "column" }, el("div", { class: "beside" }, inner));
  return el("article", { class: "message own pending", "aria-label": "Being sent" }, column);
}

/** A message has come: what waited for it is there. */
export function arrived(chat, id) {
  for (const entry of underway) {
    if (entry.chat === chat && entry.ids?.delete(id) && !entry.ids.size) leave(entry);
  }
}

function leave(entry) {
  underway.delete(entry);
  entry.element.remove();
}

/** Put what is under way from this seat at the end of the log. */
export function drawPending(log) {
  for (const { element, person, chat, thread, shown } of underway) {
    const here = person === seat.person && chat === seat.chat && thread === seat.thread;
    if (here && shown) log.append(element);
  }
}

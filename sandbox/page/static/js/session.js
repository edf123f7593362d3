// Who sits at the page, in which chat, and what they have read there.

import { chat, chatOf, person, state } from "./store.js";

const KEPT = "callboard-demo-seat";

/** The person, and the place: `{chat, thread}`, thread null outside of topics. */
export const seat = { person: null, chat: null, thread: null };

/** `person:chat:thread` -> id of the last message that was seen there. */
const read = new Map();
const listeners = new Set();

/** Hear of every change of person or place. */
export function onSeat(listener) {
  listeners.add(listener);
}

/** The places that a person can be in, private chat first, topics one by one. */
export function places(personId = seat.person) {
  const found = [];
  for (const one of state.cast.chats) {
    if (one.type === "private" ? one.id !== personId : !one.members.includes(personId)) continue;
    const topics = Object.entries(one.topics ?? {});
    if (one.type === "private") found.push({ chat: one.id, thread: null, title: "Private", kind: "private" });
    else found.push({ chat: one.id, thread: null, title: one.title, kind: "group" });
    for (const [thread, name] of topics) {
      found.push({ chat: one.id, thread: Number(thread), title: name, kind: "topic" });
    }
  }
  return found;
}

/** Take a seat; what is left out stays, and a place that a person has not becomes their private chat. */
export function sit(wish = {}) {
  const next = { ...seat, ...wish };
  if (!person(next.person)) next.person = state.cast.people[0]?.id ?? null;
  const known = places(next.person);
  const same = known.find((one) => one.chat === next.chat && one.thread === next.thread);
  const place = same ?? known[0] ?? { chat: null, thread: null };
  const moved = next.person !== seat.person || place.chat !== seat.chat || place.thread !== seat.thread;
  Object.assign(seat, { person: next.person, chat: place.chat, thread: place.thread });
  sessionStorage.setItem(KEPT, JSON.stringify(seat));
  for (const listener of listeners) listener(moved);
}

/** The seat of before a reload. */
export function lastSeat() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** Whether a message stands in a place. */
export function standsIn(item, place) {
  if (item.chat !== place.chat || item.deleted) return false;
  const thread = item.message.is_topic_message ? item.message.message_thread_id : null;
  return thread === place.thread;
}

/** The messages of a place, oldest first. */
export function messagesIn(place) {
  const found = [...chatOf(place.chat).values()].filter((item) => standsIn(item, place));
  return found.sort((a, b) => a.id - b.id);
}

const key = (personId, place) => `${personId}:${place.chat}:${place.thread}`;

/** All that stands in a place has been seen. */
export function markRead(place = seat) {
  let last = 0;
  for (const item of chatOf(place.chat).values()) if (standsIn(item, place)) last = Math.max(last, item.id);
  read.set(key(seat.person, place), last);
}

/** How many messages of others a person has not seen in a place. */
export function unread(personId, place) {
  const seen = read.get(key(personId, place)) ?? 0;
  let count = 0;
  for (const item of chatOf(place.chat).values()) {
    if (item.message.forum_topic_created) continue; // there from the start, and news to nobody
    if (item.id > seen && item.message.from?.id !== personId && standsIn(item, place)) count += 1;
  }
  return count;
}

export const here = () => chat(seat.chat);
export const me = () => person(seat.person);

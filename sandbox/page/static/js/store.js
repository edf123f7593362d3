// What the page knows: the last state of everything, fed by patches in which each thing has a key.
// A patch that comes twice changes nothing, and one that was missed comes again with the next.

const KEPT_REQUESTS = 300;

export const state = {
  run: null,
  rev: 0,
  cast: { bot: {}, people: [], chats: [], examples: [], voices: [] },
  /** chat id -> message id -> {chat, id, rev, deleted, silent, message, markup} */
  messages: new Map(),
  /** person id -> chat id -> commands */
  menus: {},
  pins: {},
  typing: new Map(),
  calls: new Map(),
  requests: new Map(),
  gateway: { speed: 1, answer_rate: null, fault: null, events: {}, outage: false, totals: {} },
  bot: { polling: true },
};

const listeners = new Set();

/** Hear of every patch: called with what changed, as in the patch itself. */
export function listen(listener) {
  listeners.add(listener);
}

/** Take a patch in, and tell who listens. */
export function apply(patch) {
  if (patch.fresh) reset(patch);
  state.run = patch.run;
  state.rev = Math.max(state.rev, patch.rev);
  for (const item of patch.messages ?? []) keep(chatOf(item.chat), item);
  for (const call of patch.calls ?? []) keep(state.calls, call);
  for (const request of patch.requests ?? []) keep(state.requests, { ...request, id: request.n });
  for (const typing of patch.typing ?? []) state.typing.set(typing.chat, typing);
  for (const name of ["cast", "menus", "pins", "gateway", "bot"]) {
    if (patch[name]) state[name] = patch[name];
  }
  for (const old of [...state.requests.keys()].sort((a, b) => a - b).slice(0, -KEPT_REQUESTS)) {
    state.requests.delete(old);
  }
  for (const listener of listeners) listener(patch);
}

function reset(patch) {
  Object.assign(state, { rev: 0, cast: patch.cast, menus: {}, pins: {} });
  for (const kept of [state.messages, state.typing, state.calls, state.requests]) kept.clear();
}

function keep(map, item) {
  const known = map.get(item.id);
  if (!known || known.rev <= item.rev) map.set(item.id, item);
}

/** The messages of a chat by their id. */
export function chatOf(chatId) {
  let chat = state.messages.get(chatId);
  if (!chat) state.messages.set(chatId, (chat = new Map()));
  return chat;
}

export const person = (id) => state.cast.people.find((one) => one.id === id);
export const chat = (id) => state.cast.chats.find((one) => one.id === id);

// The two kinds of keyboard a bot can show: under a message, and in place of the phone's own.

import { act } from "./acts.js";
import { alert, choose, toast } from "./dialogs.js";
import { direction } from "./direction.js";
import { byId, el, icon, show } from "./dom.js";
import { me, messagesIn, seat } from "./session.js";
import { listen, state } from "./store.js";
import { copy } from "./text.js";

/** Telegram's apps stop waiting for a bot's answer after some seconds. */
const PATIENCE = 15_000;
const STYLES = new Set(["primary", "success", "danger"]);

/** Presses of this page that wait for their answer: callback id -> what ends the waiting. */
const waiting = new Map();
/** What was answered before the press itself had returned. */
const early = new Map();
/** `chat message data` of buttons that wait, so that a message drawn anew still shows it. */
const pressed = new Set();

listen((patch) => {
  for (const answer of patch.answers ?? []) {
    const end = waiting.get(answer.id);
    if (end) end(answer);
    else if (pressed.size) early.set(answer.id, answer);
  }
  if (!pressed.size) early.clear();
});

/** The keyboard under a message, or null. */
export function inlineKeyboard(item, context) {
  const rows = item.message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const made = el("div", { class: "keys", role: "group", "aria-label": "Buttons of this message" });
  for (const row of rows) {
    made.append(el("div", { class: "row" }, ...row.map((button) => key(item, button, context))));
  }
  return made;
}

function key(item, button, context) {
  const style = STYLES.has(button.style) ? button.style : "";
  const data = button.callback_data;
  const name = `${item.chat} ${item.id} ${data}`;
  const made = el("button", { type: "button", class: `key ${style}`.trim(), dir: direction(button.text), "data-press": data === undefined ? null : name }, el("span", {}, button.text));
  if (button.url) made.append(icon("link"));
  if (button.copy_text) made.append(icon("copy"));
  if (pressed.has(name)) wait(made, true);
  made.addEventListener("click", () => {
    if (button.url) return void (context.taps.link(button.url) || window.open(button.url, "_blank", "noopener"));
    if (button.copy_text) return void copy(button.copy_text.text);
    if (data !== undefined) return void press(item, data, name);
    return toast("The demo does not know this kind of button.");
  });
  return made;
}

function wait(button, on) {
  button.classList.toggle("waiting", on);
  button.setAttribute("aria-busy", String(on));
}

async function press(item, data, name) {
  if (pressed.has(name)) return;
  const turn = (on) => {
    if (on) pressed.add(name);
    else pressed.delete(name);
    // As it is drawn now: the message may have been edited since.
    const button = document.querySelector(`.key[data-press="${CSS.escape(name)}"]`);
    if (button) wait(button, on);
  };
  turn(true);
  let id;
  try {
    ({ callback_id: id } = await act("press", { person: seat.person, chat: item.chat, message: item.id, data }));
  } catch (error) {
    turn(false);
    toast(error.message);
    return;
  }
  const end = (answer) => {
    waiting.delete(id);
    early.delete(id);
    clearTimeout(timer);
    turn(false);
    if (answer?.text) (answer.show_alert ? alert : toast)(answer.text);
  };
  const timer = setTimeout(end, PATIENCE);
  waiting.set(id, end);
  if (early.has(id)) end(early.get(id));
}

// The reply keyboard

let folded = false;
let usedOnce = null;

function mentions(message, { type, offset, length, user }, personId) {
  if (type === "text_mention") return user.id === personId;
  if (type !== "mention") return false;
  const name = (message.text ?? message.caption).slice(offset + 1, offset + length).toLowerCase();
  return name === me().username?.toLowerCase();
}

/** Whether markup is for this person; a selective one is for who is mentioned, and for the author of what is answered. */
function isFor(item, personId) {
  const { markup, message } = item;
  if (!markup.selective || message.reply_to_message?.from?.id === personId) return true;
  return (message.entities ?? message.caption_entities ?? []).some((entity) => mentions(message, entity, personId));
}

/** The bot's message whose reply markup holds in a place now, or null. */
export function replyMarkup(place) {
  const messages = messagesIn(place);
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const item = messages[index];
    if (!item.markup || item.markup.inline_keyboard || !isFor(item, seat.person)) continue;
    return item.markup.remove_keyboard ? null : item;
  }
  return null;
}

/** Whether a message asks this person for a reply: https://core.telegram.org/bots/api#forcereply */
export const forcesReply = (item) => Boolean(item.markup?.force_reply) && isFor(item, seat.person);

/** Draw the reply keyboard of a place. */
export function drawReplyKeys(place, composer) {
  const item = replyMarkup(place);
  const markup = item?.markup;
  const rows = markup?.keyboard ?? [];
  const holder = byId("replykeys");
  if (holder.dataset.item !== String(item?.id)) folded = false; // a new keyboard opens by itself
  const spent = usedOnce === item?.id && markup?.one_time_keyboard;
  composer.setPlaceholder(markup?.input_field_placeholder);
  show(byId("keys-toggle"), rows.length > 0);
  const shown = rows.length > 0 && !folded && (markup.is_persistent || !spent);
  byId("keys-toggle").setAttribute("aria-pressed", String(shown));
  show(holder, shown);
  const drawnFor = JSON.stringify(rows);
  if (holder.dataset.rows === drawnFor && holder.dataset.item === String(item?.id)) return;
  holder.dataset.rows = drawnFor;
  holder.dataset.item = String(item?.id);
  holder.replaceChildren(
    ...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => replyKey(item, typeof button === "string" ? { text: button } : button)))),
  );
}

function replyKey(item, button) {
  const style = STYLES.has(button.style) ? button.style : "";
  return el("button", { type: "button", class: style, dir: direction(button.text), onclick: () => tapped(item, button) }, button.text);
}

async function tapped(item, button) {
  usedOnce = item.id;
  const place = { person: seat.person, chat: seat.chat, thread: seat.thread };
  try {
    if (button.request_contact) {
      const sure = await choose(`Share your number ${me().phone ?? ""} with the bot?`, [{ label: "Share", value: true }]);
      if (sure) await act("contact", { ...place, reply_to: item.id });
    } else if (button.request_users) {
      const people = state.cast.people.map((one) => ({ label: one.name, value: one.id }));
      const chosen = await choose(button.text, people);
      if (chosen) await act("users", { ...place, users: [chosen] });
    } else {
      // In a group a tap is a reply: a bot with privacy mode would not see it otherwise.
      await act("send", { ...place, text: button.text, reply_to: seat.chat === seat.person ? undefined : item.id });
    }
  } catch (error) {
    toast(error.message);
  }
}

/** Fold the reply keyboard away, or bring it back. */
export function foldReplyKeys(place, composer) {
  folded = !byId("replykeys").hidden;
  usedOnce = null;
  drawReplyKeys(place, composer);
}

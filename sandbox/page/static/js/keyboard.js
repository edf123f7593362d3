// The two kinds of keyboard a bot can show: under a message, and in place of the phone's own.

import { act } from "./acts.js";
import { alert, choose, toast } from "./dialogs.js";
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
/** `chat:message:row:col` of buttons that wait, so that a message drawn anew still shows it. */
const pressed = new Set();

listen((patch) => {
  for (const answer of patch.answers ?? []) {
    const end = waiting.get(answer.id);
    if (end) end(answer);
    else early.set(answer.id, answer);
  }
});

/** The keyboard under a message, or null. */
export function inlineKeyboard(item, context) {
  const rows = item.message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const made = el("div", { class: "keys", role: "group", "aria-label": "Buttons of this message" });
  rows.forEach((row, rowIndex) => {
    const line = el("div", { class: "row" });
    row.forEach((button, column) => line.append(key(item, button, rowIndex, column, context)));
    made.append(line);
  });
  return made;
}

function key(item, button, row, column, context) {
  const style = STYLES.has(button.style) ? button.style : "";
  const name = `${item.chat}:${item.id}:${row}:${column}`;
  const made = el("button", { type: "button", class: `key ${style}`.trim(), dir: "auto" }, el("span", {}, button.text));
  if (button.url) made.append(icon("link"));
  if (button.copy_text) made.append(icon("copy"));
  if (pressed.has(name)) wait(made, true);
  made.addEventListener("click", () => {
    if (button.url) return void (context.taps.link(button.url) || window.open(button.url, "_blank", "noopener"));
    if (button.copy_text) return void copy(button.copy_text.text);
    if (button.callback_data !== undefined) return void press(item, row, column, name);
    return toast("The demo does not know this kind of button.");
  });
  return made;
}

function wait(button, on) {
  button.classList.toggle("waiting", on);
  button.setAttribute("aria-busy", String(on));
}

/** The button as it is drawn now; the message may have been edited since. */
function drawn(name) {
  const [chatId, id, row, column] = name.split(":");
  const message = document.querySelector(`.message[data-chat="${chatId}"][data-id="${id}"]`);
  return message?.querySelectorAll(".keys .row")[row]?.children[column] ?? null;
}

async function press(item, row, column, name) {
  if (pressed.has(name)) return;
  const turn = (on) => {
    if (on) pressed.add(name);
    else pressed.delete(name);
    const button = drawn(name);
    if (button) wait(button, on);
  };
  turn(true);
  let id;
  try {
    ({ callback_id: id } = await act("press", { person: seat.person, chat: item.chat, message: item.id, row, col: column }));
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

/** The bot's message whose reply markup holds in a place now, or null. */
export function replyMarkup(place) {
  const messages = messagesIn(place);
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const { markup } = messages[index];
    if (!markup || markup.inline_keyboard) continue;
    return markup.remove_keyboard ? null : messages[index];
  }
  return null;
}

/** Draw the reply keyboard of a place. */
export function drawReplyKeys(place, composer) {
  const item = replyMarkup(place);
  const markup = item?.markup;
  const rows = markup?.keyboard ?? [];
  const spent = usedOnce === item?.id && markup?.one_time_keyboard;
  composer.setPlaceholder(markup?.input_field_placeholder);
  show(byId("keys-toggle"), rows.length > 0 && !markup.is_persistent);
  const shown = rows.length > 0 && (markup.is_persistent || (!folded && !spent));
  byId("keys-toggle").setAttribute("aria-pressed", String(shown));
  const holder = byId("replykeys");
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
  return el("button", { type: "button", class: style, dir: "auto", onclick: () => tapped(item, button) }, button.text);
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
      await act("send", { ...place, text: button.text });
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

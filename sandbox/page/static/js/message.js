// One message as Telegram shows it.

import { date, el, hour, icon, size } from "./dom.js";
import { inlineKeyboard } from "./keyboard.js";
import { chat, person, state } from "./store.js";
import { rich } from "./text.js";

const QUOTED = 80;
const BARS = 28;
const TINTS = 5;

/**
 * The element of a message.
 * @param {any} item as in the store
 * @param {any} context `{me, group, previous, taps, onMenu, onJump}`
 */
export function messageElement(item, context) {
  const { message } = item;
  const service = serviceText(message);
  const own = message.from?.id === context.me;
  const made = el("article", {
    class: ["message", own ? "own" : "", service ? "service" : "", joins(item, context.previous) ? "joined" : ""].join(" ").trim(),
    "data-chat": item.chat,
    "data-id": item.id,
    "aria-label": `${sender(message)}, ${hour(message.date)}`,
  });
  if (service) {
    made.append(el("p", { dir: "auto" }, service));
    return made;
  }
  if (context.group && !own) made.append(avatar(message));
  made.append(body(item, context, own));
  return made;
}

/** Whether a message follows one of the same person within some minutes. */
function joins(item, previous) {
  if (!previous || serviceText(previous.message)) return false;
  return previous.message.from?.id === item.message.from?.id && item.message.date - previous.message.date < 300;
}

function avatar(message) {
  return el("span", { class: `avatar small tint-${tint(message.from?.id)}`, "aria-hidden": "true" }, sender(message).slice(0, 1));
}

/** One of a few colours for a person, always the same; the first is the bot's. */
export const tint = (id) => (id === state.cast.bot.id ? 0 : 1 + (Math.abs(id ?? 0) % TINTS));

function body(item, context, own) {
  const { message } = item;
  const bubble = el("div", { class: "bubble" });
  if (context.group && !own) bubble.append(el("p", { class: `sender ink-${tint(message.from?.id)}` }, sender(message)));
  if (message.forward_origin) bubble.append(el("p", { class: "forwarded" }, "Forwarded from ", el("b", { dir: "auto" }, origin(message.forward_origin))));
  if (message.reply_to_message) bubble.append(replied(message.reply_to_message, context));
  const media = attachment(message);
  if (media) bubble.append(media);
  const text = message.text ?? message.caption;
  if (text) bubble.append(el("div", { class: "text" }, rich(text, message.entities ?? message.caption_entities, context.taps)));
  bubble.append(meta(message, own));
  const more = el("button", { type: "button", class: "icon more", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More about this message", onclick: (event) => context.onMenu(item, event.currentTarget) }, icon("more"));
  const keys = inlineKeyboard(item, context);
  const column = el("div", { class: "column" }, el("div", { class: "beside" }, bubble, more));
  if (keys) column.append(keys);
  return column;
}

function meta(message, own) {
  const edited = message.edit_date ? el("span", { class: "edited" }, "edited") : null;
  const seen = own ? el("span", { class: "seen", "aria-hidden": "true" }, "✓✓") : null;
  return el("p", { class: "meta" }, edited, el("time", { datetime: new Date(message.date * 1000).toISOString() }, hour(message.date)), seen);
}

/** The name that stands over a message. */
export function sender(message) {
  if (message.sender_chat) return message.sender_chat.title ?? "";
  const from = message.from ?? {};
  return [from.first_name, from.last_name].filter(Boolean).join(" ");
}

function origin(source) {
  return source.sender_user_name ?? source.sender_user?.first_name ?? (source.sender_chat ?? source.chat)?.title ?? "";
}

function replied(to, context) {
  const jump = () => context.onJump(to.message_id);
  return el(
    "button",
    { type: "button", class: `reply ink-${tint(to.from?.id)}`, "aria-label": `In reply to ${sender(to)}: ${gist(to)}`, onclick: jump },
    el("b", { dir: "auto" }, sender(to)),
    el("span", { dir: "auto" }, gist(to)),
  );
}

/** A message in one line. */
export function gist(message) {
  const text = message.text ?? message.caption;
  if (text) return text.replace(/\s+/g, " ").slice(0, QUOTED);
  if (message.photo) return "Photo";
  if (message.voice) return "Voice note";
  if (message.document) return message.document.file_name;
  if (message.audio) return message.audio.file_name ?? "Audio";
  if (message.contact) return "Contact";
  return serviceText(message) ?? "Message";
}

function serviceText(message) {
  const who = sender(message);
  if (message.pinned_message) return `${who} pinned “${gist(message.pinned_message)}”`;
  if (message.new_chat_members) return `${who} added ${message.new_chat_members.map((one) => one.first_name).join(", ")}`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "The group became a supergroup";
  if (message.users_shared) return `${who} shared ${message.users_shared.users?.length ?? 1} people with the bot`;
  if (message.forum_topic_created) return `${who} made the topic “${message.forum_topic_created.name}”`;
  return null;
}

function attachment(message) {
  if (message.photo) return photo(message.photo);
  if (message.voice) return voice(message.voice);
  if (message.document ?? message.audio) return file(message.document ?? message.audio);
  if (message.contact) return contact(message.contact);
  return null;
}

function photo(sizes) {
  const best = sizes.reduce((a, b) => (b.width > a.width ? b : a));
  const image = el("img", { src: `/files/${encodeURIComponent(best.file_id)}`, width: best.width, height: best.height, alt: "Photo", loading: "lazy" });
  return el("a", { class: "photo", href: image.src, target: "_blank", rel: "noopener", "aria-label": "Photo: open in full" }, image);
}

function file(document) {
  const name = document.file_name ?? "file";
  const address = `/files/${encodeURIComponent(document.file_id)}?name=${encodeURIComponent(name)}&download=1`;
  const kind = name.includes(".") ? name.split(".").pop().slice(0, 4).toUpperCase() : "FILE";
  return el(
    "a",
    { class: "file", href: address, download: name, "aria-label": `Download ${name}, ${size(document.file_size ?? 0)}` },
    el("span", { class: "kind" }, icon("download"), el("span", {}, kind)),
    el("span", { class: "named" }, el("b", { dir: "auto" }, name), el("span", {}, size(document.file_size ?? 0))),
  );
}

const players = new Set();

/** Stop every voice note that plays. */
export function silence() {
  for (const player of players) player.pause();
  players.clear();
}

function voice(note) {
  const player = new Audio();
  const button = el("button", { type: "button", class: "play", "aria-label": "Play the voice note" }, icon("play"));
  const bars = el("span", { class: "bars", "aria-hidden": "true" });
  for (let index = 0; index < BARS; index += 1) bars.append(el("i", { class: `h${(index * 7 + note.duration * 3) % 6}` }));
  const turn = (playing) => {
    button.replaceChildren(icon(playing ? "pause" : "play"));
    button.setAttribute("aria-label", playing ? "Pause the voice note" : "Play the voice note");
    bars.classList.toggle("playing", playing);
  };
  player.addEventListener("play", () => turn(true));
  player.addEventListener("pause", () => turn(false));
  button.addEventListener("click", () => {
    players.add(player);
    if (!player.src) player.src = `/files/${encodeURIComponent(note.file_id)}`;
    if (player.paused) player.play().catch(() => turn(false));
    else player.pause();
  });
  return el("div", { class: "voice" }, button, bars, el("span", { class: "long" }, `0:${String(note.duration ?? 0).padStart(2, "0")}`));
}

function contact(card) {
  const name = [card.first_name, card.last_name].filter(Boolean).join(" ");
  return el("div", { class: "contact" }, el("span", { class: `avatar small tint-${tint(card.user_id)}`, "aria-hidden": "true" }, name.slice(0, 1)), el("span", { class: "named" }, el("b", { dir: "auto" }, name), el("span", {}, card.phone_number)));
}

/** The line between two days, or null. */
export function dayLine(item, previous) {
  const text = date(item.message.date);
  if (previous && date(previous.message.date) === text) return null;
  const today = date(Date.now() / 1000) === text;
  return el("p", { class: "day" }, el("span", {}, today ? "Today" : text));
}

/** Name and subtitle of a place. */
export function heading(place) {
  const bot = state.cast.bot;
  if (place.kind === "private") return { title: bot.first_name ?? "Bot", sub: state.bot.polling ? "bot" : "bot · not running" };
  const members = chat(place.chat)?.members ?? [];
  const names = members.map((id) => person(id)?.name).filter(Boolean);
  return { title: chat(place.chat)?.title ?? "", sub: place.kind === "topic" ? `topic ${place.title}` : [...names, bot.first_name].join(", ") };
}

// A text with entities as Telegram shows it. Offsets are UTF-16 code units, as in JavaScript:
// https://core.telegram.org/bots/api#messageentity

import { el } from "./dom.js";
import { toast } from "./dialogs.js";
import { directed } from "./direction.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const COLLAPSED_LINES = 3;
const LINKS = new Set(["http:", "https:", "tg:", "mailto:"]);

/**
 * The nodes of a text.
 * @param {string} raw
 * @param {any[]} [given]
 * @param {{command: Function, hashtag: Function, link: Function}} taps what a tap does
 */
export function rich(raw, given, taps) {
  const { text, entities } = directed(raw, given ?? []);
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const made = document.createDocumentFragment();
  fill(made, text, 0, text.length, sorted, taps);
  return made;
}

function fill(parent, text, from, to, entities, taps) {
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    plain(parent, text.slice(at, entity.offset), BLOCKS.has(entity.type));
    const inside = entities.filter((one, other) => other > index && one.offset < end);
    const node = shown(entity, text.slice(entity.offset, end), taps);
    fill(node.inner ?? node, text, entity.offset, end, inside, taps);
    parent.append(node);
    if (BLOCKS.has(entity.type)) finish(node);
    at = end;
    // A block ends its line by itself.
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
  }
  plain(parent, text.slice(at, to), false);
}

function plain(parent, text, beforeBlock) {
  const shown = beforeBlock && text.endsWith("\n") ? text.slice(0, -1) : text;
  if (shown) parent.append(shown);
}

function shown(entity, text, taps) {
  const tapped = (name, title, deed) => inlineButton({ class: `tap ${name}`, title }, deed);
  switch (entity.type) {
    case "code":
      return tapped("code", "Copy", () => copy(text));
    case "pre":
      return el("pre", { tabindex: 0, title: "Copy", "data-language": entity.language, onclick: () => copy(text) });
    case "blockquote":
      return el("blockquote");
    case "expandable_blockquote":
      return expandable();
    case "spoiler":
      return spoiler();
    case "bot_command":
      return tapped("command", "Send", () => taps.command(text));
    case "hashtag":
    case "cashtag":
      return tapped("hashtag", "Find in this chat", () => taps.hashtag(text));
    case "phone_number":
      return tapped("number", "Copy", () => copy(text));
    case "url":
    case "text_link":
      return link(entity.url ?? text, taps);
    case "mention":
    case "text_mention":
      return el("span", { class: "mention" });
    default:
      return el(TAGS[entity.type] ?? "span");
  }
}

/** A button that wraps like the words around it, which a <button> does not. */
function inlineButton(attributes, deed) {
  const keyed = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    deed(event);
  };
  return el("span", { role: "button", tabindex: 0, ...attributes, onclick: deed, onkeydown: keyed });
}

/** Only what leads somewhere harmless is a link; anything else stays words. */
function link(url, taps) {
  const address = /^[a-z]+:/i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(address) || !LINKS.has(new URL(address).protocol)) return el("span");
  const open = (event) => {
    if (taps.link(address)) event.preventDefault();
  };
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", onclick: open });
}

function spoiler() {
  const reveal = (event) => {
    event.currentTarget.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) event.currentTarget.removeAttribute(name);
  };
  return inlineButton({ class: "spoiler", "aria-label": "Hidden text: show" }, reveal);
}

function expandable() {
  const quote = el("blockquote", { class: "expandable" });
  quote.inner = quote.appendChild(el("div", { class: "inner" }));
  return quote;
}

/** Give a quote that is long enough the button that opens it. */
function finish(node) {
  if (!node.inner) return;
  const lines = node.inner.textContent.split("\n").length;
  if (lines <= COLLAPSED_LINES && node.inner.textContent.length < 180) return;
  node.classList.add("collapsed");
  const turn = () => {
    const collapsed = node.classList.toggle("collapsed");
    button.setAttribute("aria-expanded", String(!collapsed));
    button.textContent = collapsed ? "Show all" : "Show less";
  };
  const button = el("button", { type: "button", class: "unfold", "aria-expanded": "false", onclick: turn }, "Show all");
  node.append(button);
}

/** Put a text on the clipboard and say so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("This browser does not let a page copy.");
  }
}

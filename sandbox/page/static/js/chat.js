// The messages of the place one is in, kept in step with the store.

import { openMenu } from "./dialogs.js";
import { byId, el, icon, show, write } from "./dom.js";
import { makeFinder } from "./finding.js";
import { forcesReply, replyMarkup } from "./keyboard.js";
import { dayLine, gist, heading, messageElement, silence, tint } from "./message.js";
import { arrived, drawPending, sending } from "./pending.js";
import { markRead, messagesIn, places, seat, standsIn } from "./session.js";
import { state } from "./store.js";
import { copy } from "./text.js";

const NEAR = 80;
const LONG_PRESS = 550;
const FLASH = 1500;

/** The chat; `composer` is set once it exists. */
export function makeChat({ taps }) {
  const log = byId("log");
  const scroller = byId("scroller");
  const drawn = new Map(); // message id -> {element, rev, item}
  let place = null;
  let composer = null;
  let atEnd = true;
  let unseen = 0;

  const context = (previous) => ({
    me: seat.person,
    group: place.kind !== "private",
    previous,
    taps,
    onMenu: menu,
    onJump: jump,
  });

  /** Draw the place anew: another chat, topic or person. */
  function open() {
    place = places().find((one) => one.chat === seat.chat && one.thread === seat.thread);
    drawn.clear();
    silence();
    log.replaceChildren();
    if (!place) return;
    log.setAttribute("aria-live", "off");
    let previous = null;
    for (const item of messagesIn(place)) {
      append(item, previous);
      previous = item;
    }
    drawPending(log);
    head();
    toEnd();
    const asked = replyMarkup(place);
    if (asked && forcesReply(asked) && !answered(asked)) composer.reply(asked);
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  }

  /** Whether this person has written something since. */
  function answered(item) {
    return messagesIn(place).some(({ id, message }) => id > item.id && message.from?.id === seat.person);
  }

  function append(item, previous) {
    const line = dayLine(item, previous);
    if (line) log.append(line);
    const element = messageElement(item, context(line ? null : previous));
    drawn.set(item.id, { element, rev: item.rev, item });
    log.append(element);
  }

  function head() {
    const { title, sub } = heading(place);
    write(byId("chat-title"), title);
    write(byId("chat-sub"), typing() ?? sub);
    const avatar = byId("chat-avatar");
    write(avatar, title.slice(0, 1));
    avatar.className = `avatar tint-${tint(place.kind === "private" ? state.cast.bot.id : place.chat)}`;
    const pins = (state.pins[place.chat] ?? []).map((id) => state.messages.get(place.chat)?.get(id)).filter((item) => item && standsIn(item, place));
    const pin = pins.at(-1);
    show(byId("pinned"), Boolean(pin));
    if (pin) {
      byId("pinned").replaceChildren(icon("pin"), el("span", {}, el("b", {}, "Pinned message"), el("span", { dir: "auto" }, gist(pin.message))));
      byId("pinned").onclick = () => jump(pin.id);
    }
  }

  let typingEnds = 0;

  function typing() {
    const action = state.typing.get(place.chat);
    const left = action ? action.until * 1000 - Date.now() : 0;
    if (left <= 0) return null;
    clearTimeout(typingEnds);
    typingEnds = setTimeout(head, left + 50);
    return action.action.startsWith("upload") ? "sending a file…" : "typing…";
  }

  /** Take in what a patch changed. */
  function update(patch) {
    if (!place) return;
    const wasAtEnd = atEnd;
    let fresh = 0;
    let wrote = false;
    const items = (patch.messages ?? []).filter((item) => item.chat === place.chat).sort((a, b) => a.id - b.id);
    for (const { id } of items) {
      const item = state.messages.get(place.chat).get(id);
      const known = drawn.get(id);
      if (known) redraw(item, known);
      else if (standsIn(item, place)) {
        insert(item);
        if (item.message.from?.id === seat.person) wrote = true;
        else fresh += 1;
        if (forcesReply(item)) composer.reply(item);
      }
    }
    for (const { chat, id } of patch.messages ?? []) arrived(chat, id);
    head();
    if (wasAtEnd || wrote) toEnd(items.length > 0);
    else if (fresh) {
      unseen += fresh;
      mark();
    }
  }

  function redraw(item, known) {
    if (!standsIn(item, place)) {
      known.element.remove();
      drawn.delete(item.id);
      return;
    }
    if (item.rev <= known.rev) return;
    const opened = [...known.element.querySelectorAll("blockquote.expandable")].map((quote) => !quote.classList.contains("collapsed"));
    const focused = known.element.contains(document.activeElement) ? path(known.element, document.activeElement) : null;
    const previous = before(item.id);
    const element = messageElement(item, context(previous));
    [...element.querySelectorAll("blockquote.expandable.collapsed .unfold")].forEach((button, index) => {
      if (opened[index]) button.click();
    });
    keepKeys(known, element, item);
    known.element.replaceWith(element);
    drawn.set(item.id, { element, rev: item.rev, item });
    if (focused) follow(element, focused)?.focus({ preventScroll: true });
  }

  function before(id) {
    let found = null;
    for (const [known, { item }] of drawn) if (known < id && (!found || known > found.id)) found = item;
    return found;
  }

  /** New messages come at the end, but for one that a broken connection had kept back. */
  function insert(item) {
    const previous = before(item.id);
    const later = [...drawn.keys()].filter((id) => id > item.id);
    if (!later.length) {
      append(item, previous);
      drawPending(log);
      return;
    }
    const element = messageElement(item, context(previous));
    drawn.set(item.id, { element, rev: item.rev, item });
    drawn.get(Math.min(...later)).element.before(element);
  }

  // Scrolling

  function toEnd(smooth = false) {
    const far = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    const quiet = !smooth || far > 2 * scroller.clientHeight || matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: quiet ? "instant" : "smooth" });
    atEnd = true;
    unseen = 0;
    mark();
    markRead();
  }

  function mark() {
    show(byId("to-end"), !atEnd);
    show(byId("unread"), unseen > 0);
    write(byId("unread"), String(unseen));
  }

  let lastTop = 0;
  scroller.addEventListener(
    "scroll",
    () => {
      const near = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < NEAR;
      const up = scroller.scrollTop < lastTop;
      lastTop = scroller.scrollTop;
      const now = near || (atEnd && !up); // a smooth way down passes places that are not the end
      if (now === atEnd) return;
      atEnd = now;
      if (atEnd) {
        unseen = 0;
        markRead();
      }
      mark();
    },
    { passive: true },
  );
  byId("to-end").addEventListener("click", () => toEnd(true));
  const grown = new ResizeObserver(() => atEnd && toEnd());
  grown.observe(scroller);
  grown.observe(log);

  function jump(id) {
    const known = drawn.get(id);
    if (!known) return;
    known.element.scrollIntoView({ block: "center" });
    known.element.classList.remove("flash");
    requestAnimationFrame(() => known.element.classList.add("flash"));
    setTimeout(() => known.element.classList.remove("flash"), FLASH);
  }

  // The menu of a message

  function menu(item, opener, point) {
    const own = item.message.from?.id === seat.person && !item.message.forward_origin;
    const text = item.message.text ?? item.message.caption;
    const entry = (label, name, deed) => el("button", { type: "button", role: "menuitem", onclick: deed }, icon(name), label);
    byId("message-menu").replaceChildren(
      entry("Reply", "reply", () => composer.reply(item)),
      ...(own && text ? [entry("Edit", "edit", () => composer.edit(item))] : []),
      entry("Forward", "forward", () => composer.forward(item)),
      ...(text ? [entry("Copy text", "copy", () => copy(text))] : []),
    );
    const { left, bottom } = opener.getBoundingClientRect();
    openMenu(byId("message-menu"), opener, point ?? { x: left, y: bottom });
  }

  const itemOf = (target) => {
    const element = target.closest?.(".message[data-id]");
    return element && !element.classList.contains("service") ? drawn.get(Number(element.dataset.id)) : null;
  };
  log.addEventListener("contextmenu", (event) => {
    const known = itemOf(event.target);
    if (!known || !getSelection().isCollapsed) return;
    event.preventDefault();
    menu(known.item, known.element.querySelector(".more"), { x: event.clientX, y: event.clientY });
  });
  let holding = 0;
  log.addEventListener("pointerdown", (event) => {
    const known = event.pointerType === "touch" && !event.target.closest("button, a") ? itemOf(event.target) : null;
    if (known) holding = setTimeout(() => menu(known.item, known.element.querySelector(".more"), { x: event.clientX, y: event.clientY }), LONG_PRESS);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) log.addEventListener(end, () => clearTimeout(holding), { passive: true });

  return {
    open,
    update,
    sending: (text, deed) =>
      sending(text, deed, () => {
        drawPending(log);
        toEnd();
      }),
    find: makeFinder(
      () => [...drawn.values()].map(({ item }) => ({ id: item.id, text: item.message.text ?? item.message.caption ?? "" })),
      jump,
    ),
    place: () => place,
    useComposer(made) {
      composer = made;
    },
  };
}

/** A keyboard that did not change stays, so that no click on it is lost. */
function keepKeys(known, fresh, item) {
  const same = JSON.stringify(known.item.message.reply_markup) === JSON.stringify(item.message.reply_markup);
  const [before, after] = [known.element, fresh].map((element) => element.querySelector(".keys"));
  if (same && before && after) after.replaceWith(before);
}

/** Where an element stands below another, so that its successor can be found. */
function path(from, to) {
  const steps = [];
  for (let node = to; node !== from; node = node.parentElement) steps.unshift([...node.parentElement.children].indexOf(node));
  return steps;
}

function follow(from, steps) {
  return steps.reduce((node, step) => node?.children[step], from);
}

// The switches: who one is, and in which chat.

import { byId, el } from "./dom.js";
import { places, seat, sit, unread } from "./session.js";
import { state } from "./store.js";

let drawn = "";

/** Draw both switches, if anything in them has changed: a button that is replaced loses its click. */
export function drawSeats() {
  const counts = state.cast.people.map((one) => places(one.id).map((place) => unread(one.id, place)));
  const now = JSON.stringify([state.run, state.cast.chats, seat, counts]);
  if (now === drawn) return;
  drawn = now;
  drawPeople();
  drawPlaces();
}

function drawPeople() {
  const holder = byId("people");
  const focused = holder.contains(document.activeElement);
  holder.replaceChildren(
    ...state.cast.people.map((one) => {
      const chosen = one.id === seat.person;
      const waiting = chosen ? 0 : places(one.id).reduce((sum, place) => sum + (place.kind === "private" ? unread(one.id, place) : 0), 0);
      return el(
        "button",
        { type: "button", role: "radio", "aria-checked": String(chosen), "data-person": one.id, tabindex: chosen ? 0 : -1, title: one.note, onclick: () => sit({ person: one.id }) },
        el("b", {}, one.name),
        el("span", { class: "role" }, one.role),
        badge(waiting),
      );
    }),
  );
  if (focused) holder.querySelector("[aria-checked=true]")?.focus();
}

function drawPlaces() {
  const holder = byId("chats");
  const focused = holder.contains(document.activeElement);
  holder.replaceChildren(
    ...places().map((place) => {
      const chosen = place.chat === seat.chat && place.thread === seat.thread;
      return el(
        "button",
        { type: "button", "data-chat": place.chat, "data-thread": place.thread, "data-kind": place.kind, "aria-pressed": String(chosen), onclick: () => sit({ chat: place.chat, thread: place.thread }) },
        place.kind === "topic" ? `# ${place.title}` : place.title,
        badge(chosen ? 0 : unread(seat.person, place)),
      );
    }),
  );
  if (focused) holder.querySelector("[aria-pressed=true]")?.focus();
}

function badge(count) {
  return count ? el("span", { class: "badge" }, el("span", {}, String(count)), el("span", { class: "unseen" }, " new")) : null;
}

byId("people").addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const ids = state.cast.people.map((one) => one.id);
  sit({ person: ids[(ids.indexOf(seat.person) + step + ids.length) % ids.length] });
});

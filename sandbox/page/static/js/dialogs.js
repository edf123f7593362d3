// What the page says beside the chat: toasts, alerts, and choices.

import { byId, el } from "./dom.js";

const TOAST_FOR = 3500;

/** A sentence that goes away by itself. */
export function toast(text) {
  const shown = el("p", { class: "toast", dir: "auto" }, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.classList.add("leaving"), TOAST_FOR);
  setTimeout(() => shown.remove(), TOAST_FOR + 300);
}

/** A sentence that waits for *OK*; the next one comes after it. */
export function alert(text) {
  const dialog = byId("alert");
  if (dialog.open) {
    dialog.addEventListener("close", () => alert(text), { once: true });
    return;
  }
  byId("alert-text").textContent = text;
  dialog.showModal();
}

/**
 * Let a person pick one of several; gives its value, or null.
 * @param {string} title
 * @param {{label: string, value: any}[]} options
 */
export function choose(title, options) {
  const dialog = byId("choose");
  byId("choose-title").textContent = title;
  const buttons = options.map(({ label }, index) => el("button", { value: index, class: "option", dir: "auto" }, label));
  byId("choose-form").replaceChildren(...buttons, el("button", { value: "", class: "cancel" }, "Cancel"));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener(
      "close",
      () => done(dialog.returnValue === "" ? null : options[Number(dialog.returnValue)].value),
      { once: true },
    );
  });
}

let closing = null;

/**
 * Open a small menu beside an element or a point; closes on choice, Escape or a tap elsewhere.
 * @param {HTMLElement} menu
 * @param {HTMLElement} opener gets the focus back
 * @param {{x: number, y: number}} [point]
 */
export function openMenu(menu, opener, point) {
  const again = !menu.hidden && !point;
  closing?.();
  if (again) return null; // a second tap on its button closes it
  menu.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  if (point) place(menu, point);
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const close = (back) => {
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    menu.removeEventListener("keydown", keyed);
    menu.removeEventListener("click", chosen);
    closing = null;
    if (back) opener.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target) && !opener.contains(event.target)) close(false);
  };
  const keyed = (event) => {
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") close(true);
    else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const chosen = (event) => {
    if (event.target.closest("[role=menuitem]")) close(false);
  };
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", keyed);
  menu.addEventListener("click", chosen);
  closing = () => close(false);
  items[0]?.focus();
  return closing;
}

function place(menu, { x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
}

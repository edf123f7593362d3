// Where a person writes: text, replies, edits, commands with completion, attachments.

import { act, upload } from "./acts.js";
import { choose, openMenu, toast } from "./dialogs.js";
import { byId, el, show, write } from "./dom.js";
import { gist, sender } from "./message.js";
import { person, state } from "./store.js";
import { places, seat } from "./session.js";

const UPLOAD_LIMIT = 20_000_000;
const TALLEST = 180;
const touch = matchMedia("(pointer: coarse)");

/** The composer; `onSend(text, sending)` shows a message that is under way. */
export function makeComposer({ onSend }) {
  const box = byId("text");
  const list = byId("commands");
  let context = null; // {kind: "reply" | "edit", item}
  let option = -1;
  let placeholder = "Message";

  function fit() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, TALLEST)}px`;
  }

  function setContext(kind, item) {
    context = item ? { kind, item } : null;
    show(byId("context"), context !== null);
    box.placeholder = context?.item.markup?.input_field_placeholder || placeholder;
    if (!context) return;
    byId("context-icon").setAttribute("href", kind === "edit" ? "#i-edit" : "#i-reply");
    write(byId("context-title"), kind === "edit" ? "Edit message" : `Reply to ${sender(item.message)}`);
    write(byId("context-text"), gist(item.message));
    if (kind === "edit") box.value = item.message.text ?? item.message.caption ?? "";
    fit();
    box.focus();
  }

  const place = () => ({ person: seat.person, chat: seat.chat, thread: seat.thread });

  async function submit() {
    const text = box.value;
    if (!text.trim()) return;
    const { kind, item } = context ?? {};
    const from = { ...place() };
    box.value = "";
    setContext(null);
    complete();
    fit();
    try {
      if (kind === "edit") await act("edit", { person: seat.person, chat: item.chat, message: item.id, text });
      else await onSend(text, act("send", { ...from, text, reply_to: item?.id }));
    } catch (error) {
      toast(error.message);
      giveBack(from, text, kind, item);
    }
  }

  /** What was refused stands in the box again: an edit as an edit, and for nobody else. */
  function giveBack(from, text, kind, item) {
    const moved = Object.entries(place()).some(([name, value]) => from[name] !== value);
    if (moved || box.value || context) return;
    if (item) setContext(kind, item);
    box.value = text;
    fit();
  }

  /** Send a text as it stands, as a tap on a command does, perhaps in reply to a message. */
  async function say(text, replied) {
    try {
      await onSend(text, act("send", { ...place(), text, reply_to: replied }));
    } catch (error) {
      toast(error.message);
    }
  }

  // Commands

  function commands() {
    return state.menus[seat.person]?.[seat.chat] ?? [];
  }

  function complete() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(box.value);
    offer(typed ? commands().filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : []);
  }

  function offer(found) {
    option = -1;
    const private_ = seat.chat === seat.person;
    const suffix = private_ ? "" : `@${state.cast.bot.username}`;
    list.replaceChildren(
      ...found.map(({ command, description }, index) =>
        el(
          "li",
          { role: "option", id: `command-${index}`, "aria-selected": "false", "data-command": `/${command}${suffix}`, onclick: () => pick(index) },
          el("b", {}, `/${command}`),
          el("span", { class: "quiet" }, description),
        ),
      ),
    );
    show(list, found.length > 0);
    box.setAttribute("aria-expanded", String(found.length > 0));
    byId("menu").setAttribute("aria-expanded", String(found.length > 0));
    box.removeAttribute("aria-activedescendant");
  }

  function pick(index) {
    const chosen = list.children[index];
    if (!chosen) return;
    offer([]);
    box.value = "";
    fit();
    const replied = context?.kind === "reply" ? context.item.id : undefined;
    setContext(null);
    say(chosen.dataset.command, replied);
  }

  function walk(step) {
    const options = [...list.children];
    option = (option + step + options.length) % options.length;
    options.forEach((one, index) => one.setAttribute("aria-selected", String(index === option)));
    options[option].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", options[option].id);
  }

  box.addEventListener("input", () => {
    fit();
    complete();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) walk(event.key === "ArrowDown" ? 1 : -1);
    else if (open && event.key === "Tab" && !event.shiftKey) {
      const chosen = list.children[Math.max(option, 0)];
      box.value = `${chosen.dataset.command} `;
      complete();
    } else if (event.key === "Escape" && (open || context)) {
      if (open) offer([]);
      else {
        if (context.kind === "edit") box.value = "";
        setContext(null);
      }
    } else if (event.key === "Enter" && !event.shiftKey && !(touch.matches && !event.ctrlKey)) {
      if (open && option >= 0) pick(option);
      else submit();
    } else return;
    event.preventDefault();
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  byId("menu").addEventListener("click", () => {
    const open = !list.hidden;
    offer(open ? [] : commands());
    if (!open && list.hidden) toast("The bot has set no commands for you here.");
    box.focus();
  });
  byId("context-end").addEventListener("click", () => {
    if (context?.kind === "edit") box.value = "";
    setContext(null);
    fit();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!list.hidden && !list.contains(event.target) && !byId("composer").contains(event.target)) offer([]);
  });

  // Attachments

  const picker = byId("file");
  byId("attach").addEventListener("click", () => openMenu(byId("attach-menu"), byId("attach")));

  /** What is attached answers the message that is being replied to. */
  function attached() {
    const replied = context?.kind === "reply" ? context.item.id : undefined;
    if (replied !== undefined) setContext(null);
    return { ...place(), reply_to: replied };
  }
  byId("attach-menu").addEventListener("click", (event) => attach(event.target.closest("[data-attach]")?.dataset.attach));
  picker.addEventListener("change", () => {
    for (const file of picker.files) sendFile(file, picker.dataset.as);
    picker.value = "";
  });

  /** One's own card, those of the others, and the address book: one by one, or all at once. */
  function cards() {
    const own = { label: `${person(seat.person).name} (you)`, value: { of: seat.person } };
    const others = state.cast.people.filter((one) => one.id !== seat.person).map((one) => ({ label: one.name, value: { of: one.id } }));
    const book = (state.cast.contacts ?? []).map(({ name, phones }, index) => ({ label: phones.length > 1 ? `${name} · ${phones.length} numbers` : name, value: { entries: [index] } }));
    const all = book.length > 1 ? [{ label: `All ${book.length} of the address book`, value: { entries: book.map((_, index) => index) } }] : [];
    return [own, ...others, ...book, ...all];
  }

  async function attach(kind) {
    try {
      if (kind === "file" || kind === "photo") {
        picker.accept = kind === "photo" ? "image/png,image/jpeg" : "";
        picker.dataset.as = kind === "photo" ? "photo" : "";
        picker.click();
      } else if (kind === "contact") {
        const chosen = await choose("Whose contact card?", cards());
        if (chosen !== null) await act("contact", { ...attached(), ...chosen });
      } else if (kind === "voice") await act("voice", attached());
    } catch (error) {
      toast(error.message);
    }
  }

  async function sendFile(file, as) {
    if (file.size > UPLOAD_LIMIT) {
      toast(`${file.name} is larger than 20 MB, which is the most a bot can read. It was not sent.`);
      return;
    }
    const caption = context?.kind === "edit" ? "" : box.value;
    const from = { ...place() };
    if (caption) box.value = "";
    fit();
    try {
      await upload(file, { ...attached(), caption: caption.trim() || null, as: as || null });
    } catch (error) {
      toast(error.message);
      giveBack(from, caption);
    }
  }

  const frame = byId("chat");
  frame.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  frame.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    for (const file of event.dataTransfer.files) sendFile(file, "");
  });
  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) sendFile(file, file.type.startsWith("image/") ? "photo" : "");
  });

  async function forward(item) {
    const options = places().map((one) => ({ label: one.kind === "topic" ? `${one.title} (topic)` : one.title, value: one }));
    const to = await choose("Forward to…", options);
    if (!to) return;
    try {
      await act("forward", { person: seat.person, chat: item.chat, message: item.id, to: to.chat, thread: to.thread });
    } catch (error) {
      toast(error.message);
    }
  }

  return {
    say,
    forward,
    reply: (item) => setContext("reply", item),
    edit: (item) => setContext("edit", item),
    /** Another person or place: what was begun for the last one is dropped. */
    leave() {
      if (context?.kind === "edit") box.value = "";
      setContext(null);
      offer([]);
      fit();
    },
    setPlaceholder(text) {
      placeholder = text || "Message";
      if (!context) box.placeholder = placeholder;
    },
    focus: () => box.focus(),
  };
}

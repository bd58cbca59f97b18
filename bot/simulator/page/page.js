// The page of the simulated Telegram: one open chat, and the rows the bot stores.
// Whatever people or the bot wrote is set as text, never as markup.

const byId = (id) => document.getElementById(id);
const people = [];
let open = null;
let table = "answer";
let stored = {};
let seen = {};
// The server sends at most so many rows of a table.
const MOST = 12;
// A chat left behind holds its connection so long, and a browser has only six.
const WAIT_SECONDS = 2;

async function call(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const language = (text) => (/[\u1780-\u17ff]/.test(text) ? "km" : "");
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// People

async function join(kind) {
  try {
    const person = { ...(await call("/watch/people", { kind })), revision: -1, notices: 0 };
    people.push(person);
    choose(person);
    side(false);
  } catch (error) {
    toast(error.message);
  }
}

function choose(person) {
  open = person;
  person.revision = -1;
  byId("people").replaceChildren(...people.map((one) => {
    const button = make("button", { textContent: one.name, onclick: () => choose(one) });
    button.setAttribute("aria-pressed", one === person);
    return button;
  }));
  byId("people").querySelector("[aria-pressed=true]").scrollIntoView({ inline: "nearest", block: "nearest" });
  byId("who").textContent = `with ${person.name}`;
  for (const id of ["text", "speak", "send"]) byId(id).disabled = false;
  byId("messages").replaceChildren();
  // The next Tab reaches the first answer; the text field would call up a phone's keyboard.
  byId("messages").focus();
  follow(person);
}

async function follow(person) {
  while (open === person) {
    try {
      const chat = await call(`/sim/people/${person.id}/chat?after=${person.revision}&wait=${WAIT_SECONDS}`);
      if (open !== person) return;
      if (chat.revision !== person.revision) show(person, chat);
    } catch {
      await pause(1000);
    }
  }
}

// The chat

function show(person, chat) {
  person.revision = chat.revision;
  const log = byId("messages");
  const focused = document.activeElement;
  const [at, label] = [focused.dataset.at, focused.textContent];
  const ids = new Set(chat.messages.map((message) => String(message.message_id)));
  for (const one of log.querySelectorAll("[data-id]")) if (!ids.has(one.dataset.id)) one.remove();
  const isNews = chat.messages.map(update).includes(true);
  // They take room from the messages, so they stand there before it is scrolled.
  showKeys(chat.messages);
  if (isNews) scrollToNewest();
  showDown();
  if (at && !focused.isConnected) keepFocus(at, label);
  byId("blocked").hidden = !chat.blocked;
  byId("block").textContent = chat.blocked ? "Unblock the bot" : "Block the bot";
  for (const notice of chat.notices.slice(person.notices)) announce(notice);
  person.notices = chat.notices.length;
  for (const key of log.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
}

// Redraws a message that changed; tells whether there is something new to read.
function update(message) {
  const old = byId("messages").querySelector(`[data-id="${message.message_id}"]`);
  const state = JSON.stringify(message);
  if (old?.state === state) return false;
  const element = bubble(message);
  element.state = state;
  element.text = message.text ?? message.caption;
  if (old) old.replaceWith(element);
  else byId("messages").append(element);
  return old?.text !== element.text || !old;
}

// The newest message's end; of one longer than the screen its beginning.
function scrollToNewest() {
  const log = byId("messages");
  log.scrollTop = Math.min(log.scrollHeight, log.lastElementChild.offsetTop - 8);
}

function showDown() {
  const log = byId("messages");
  byId("down").hidden = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
}

// On the same button while the same question stands; else on the question that came instead.
function keepFocus(at, label) {
  const log = byId("messages");
  const bare = (text) => text.replace(/^[☐☑✓ ]+|\(.*$/gu, "");
  const same = log.querySelector(`[data-at="${at}"]`);
  const stands = same && bare(same.textContent) === bare(label);
  (stands ? same : log.querySelector(".message:last-child")).focus({ preventScroll: true });
}

function bubble(message) {
  const content = make("div", { className: "bubble", lang: language(message.text ?? message.caption ?? "") }, ...contents(message),
    make("time", { textContent: (message.edit_date ? "edited " : "") + hour(new Date(message.date * 1000)) }));
  const element = make("div", { className: message.from.is_bot ? "message" : "message mine", tabIndex: -1 }, content);
  element.dataset.id = message.message_id;
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length) element.append(keyboard(message, rows));
  return element;
}

const hour = (date) => date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function contents(message) {
  if (message.text !== undefined) return [message.text];
  if (message.document) {
    const { file_id: id, file_name: name, file_size: size } = message.document;
    const link = make("a", { href: `/sim/files/${id}`, download: name, textContent: name });
    return [link, make("span", { className: "faint", textContent: `${Math.ceil(size / 1024)} KB` }), message.caption ? `\n${message.caption}` : ""];
  }
  if (message.from.is_bot && (message.photo || message.voice || message.audio)) return shown(message);
  const kinds = { voice: "🎤 0:03", sticker: "🙂 sticker", photo: "🖼 photo", video: "🎬 video", audio: "🎵 sound", location: "📍 location", contact: "👤 contact" };
  return [Object.entries(kinds).find(([kind]) => message[kind])?.[1] ?? "…", message.caption ? `\n${message.caption}` : ""];
}

// What the bot shows and plays; a picture's description is its caption.
function shown(message) {
  const { file_id: id } = message.photo?.at(-1) ?? message.voice ?? message.audio;
  const caption = message.caption ?? "";
  const source = `/sim/files/${id}`;
  const media = message.photo ? make("img", { src: source, alt: caption.split("\n")[0] || "picture" }) : make("audio", { src: source, controls: true, preload: "none" });
  media.setAttribute("aria-label", caption.split("\n")[0] || "sound");
  return [media, caption];
}

function keyboard(message, rows) {
  return make("div", { className: "keyboard" }, ...rows.map((row, y) => make("div", {}, ...row.map((button, x) => {
    const key = make("button", { type: "button", textContent: button.text, lang: language(button.text) });
    key.dataset.at = `${message.message_id}:${y}:${x}`;
    key.onclick = () => {
      key.setAttribute("aria-busy", "true");
      act("tap", { message_id: message.message_id, data: button.callback_data });
    };
    return key;
  }))));
}

// The buttons under the text field: of the newest message that has any, or takes them away.
function showKeys(messages) {
  const last = messages.findLast(({ reply_markup: markup }) => markup?.keyboard || markup?.remove_keyboard);
  const rows = last?.reply_markup.keyboard ?? [];
  byId("keys").replaceChildren(...rows.map((row) => make("div", {}, ...row.map((button) => {
    const key = make("button", { type: "button", textContent: button.text, lang: language(button.text) });
    key.onclick = () => (button.request_location ? act("thing", { kind: "location" }) : act("write", { text: button.text }));
    return key;
  }))));
}

// The commands, as an app in the language of the newest message lists them.
async function showMenu() {
  if (!open || !byId("menu").open) return;
  const newest = byId("messages").querySelector(".message:last-child .bubble")?.lang;
  const commands = await call(`/sim/people/${open.id}/menu?language=${newest || "en"}`);
  byId("commands").replaceChildren(...commands.map(({ command, description }) => {
    const button = make("button", { type: "button", onclick: () => act("write", { text: `/${command}` }) }, `/${command} `);
    button.append(make("span", { className: "faint", textContent: description, lang: language(description) }));
    return button;
  }));
}

function announce(notice) {
  if (!notice.text) return;
  if (!notice.alert) {
    toast(notice.text);
    return;
  }
  byId("alert-text").textContent = notice.text;
  if (!byId("alert").open) byId("alert").showModal();
}

let hiding;
function toast(text) {
  byId("toast").textContent = text;
  byId("toast").lang = language(text);
  byId("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { byId("toast").hidden = true; }, 4500);
}

function act(what, body = {}) {
  byId("toast").hidden = true;
  call(`/sim/people/${open.id}/${what}`, body).catch((error) => toast(error.message));
}

function send() {
  const text = byId("text").value;
  if (text.trim() === "") return;
  byId("text").value = "";
  grow();
  act("write", { text });
}

// A file as it lies on this computer; the same one can be sent again once it was changed.
function sendFile() {
  const [file] = byId("file").files;
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => {
    act("file", { name: file.name, content: reader.result.slice(reader.result.indexOf(",") + 1) });
    byId("file").value = "";
  };
  reader.onerror = () => toast(`${file.name} can't be read.`);
  reader.readAsDataURL(file);
}

function grow() {
  byId("text").style.height = "auto";
  byId("text").style.height = `${byId("text").scrollHeight + 2}px`;
}

// The rows

async function watch() {
  for (;;) {
    try {
      stored = await call("/watch/rows");
      showRows();
    } catch { /* the bot is starting */ }
    await pause(700);
  }
}

function showRows() {
  const texts = Object.fromEntries(Object.entries(stored).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row))]));
  const changed = Object.keys(stored).filter((name) => texts[name].join() !== seen[name]?.join());
  if (!changed.length && byId("tables").dataset.open === table) return;
  byId("tables").dataset.open = table;
  showTables(changed);
  const rows = stored[table] ?? [];
  const before = new Set(seen[table]);
  seen = texts;
  byId("records").replaceChildren(rows.length ? grid(rows, (row) => !before.has(JSON.stringify(row))) : make("p", { className: "faint", textContent: "No rows yet." }));
}

// The buttons stay the same elements, so that a press or the focus isn't lost when rows come.
function showTables(changed) {
  for (const [name, { length }] of Object.entries(stored)) {
    const button = byId(`table-${name}`) ?? byId("tables").appendChild(make("button", { id: `table-${name}`, onclick: () => { table = name; showRows(); } }));
    button.textContent = `${name} ${length < MOST ? length : `${length}+`}`;
    button.setAttribute("aria-pressed", name === table);
    button.classList.toggle("changed", changed.includes(name) && name !== table && name in seen);
  }
}

function grid(rows, isNew) {
  const names = Object.keys(rows[0]).filter((name) => rows.some((row) => row[name] !== ""));
  const head = make("tr", {}, ...names.map((name) => make("th", { textContent: name })));
  const body = rows.map((row) => make("tr", { className: isNew(row) ? "new" : "" }, ...names.map((name) => cell(name, row[name]))));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}

function cell(name, value) {
  const element = make("td", { textContent: short(value), title: value, lang: language(value), className: value === "" ? "blank" : "" });
  element.dataset.name = name;
  return element;
}

// Random ids are long and say little, and times are in UTC; the whole stands in the cell's title.
function short(value) {
  if (/^[0-9a-f]{32}$/.test(value)) return `${value.slice(0, 8)}…`;
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*\+00:00$/.test(value)) return value;
  return new Date(value.replace(" ", "T")).toLocaleString("sv-SE");
}

// Wiring

function side(isStored) {
  document.querySelector("main").classList.toggle("stored", isStored);
  byId("show-rows").setAttribute("aria-pressed", isStored);
  byId("show-chat").setAttribute("aria-pressed", !isStored);
}

// The clock

const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Phnom_Penh" });

async function showClock(hours) {
  try {
    const { now } = await call("/watch/clock", hours === undefined ? undefined : { hours });
    byId("now").textContent = day.format(new Date(now));
  } catch (error) {
    if (hours !== undefined) toast(error.message);
  }
}

document.querySelectorAll("[data-hours]").forEach((button) => { button.onclick = () => showClock(Number(button.dataset.hours)); });
setInterval(() => showClock(), 20_000);
showClock();
document.querySelectorAll("[data-kind]").forEach((button) => { button.onclick = () => join(button.dataset.kind); });
document.querySelectorAll("[data-thing]").forEach((button) => { button.onclick = () => open && act("thing", { kind: button.dataset.thing }); });
byId("attach").onclick = () => open && byId("file").click();
byId("file").onchange = sendFile;
byId("block").onclick = () => open && act("block", { blocked: byId("blocked").hidden });
for (const more of document.querySelectorAll(".more")) {
  more.onclick = (event) => {
    if (event.target.closest("button")) more.open = false;
  };
  more.onkeydown = (event) => {
    if (event.key === "Escape") more.open = false;
  };
}
byId("menu").ontoggle = showMenu;
byId("messages").onscroll = showDown;
byId("down").onclick = () => { byId("messages").scrollTop = byId("messages").scrollHeight; };
byId("speak").onclick = () => act("speak");
byId("compose").onsubmit = (event) => { event.preventDefault(); send(); };
byId("text").oninput = grow;
byId("text").onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
};
byId("show-chat").onclick = () => side(false);
byId("show-rows").onclick = () => side(true);
watch();

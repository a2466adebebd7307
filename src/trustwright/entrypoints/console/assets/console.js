// Comfort only: every page works without this file. Keys, clocks, findings beside their spans.
const all = (selector) => [...document.querySelectorAll(selector)];
const keys = document.getElementById("keys");

// A key presses what the page shows: whatever carries data-key. In the queue J and K walk.
const walk = (by) => {
  const links = all("main [data-entry]");
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
};
document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select") && key !== "Escape";
  if (typing || keys?.open || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = all("[data-key]").find((each) => each.dataset.key === key);
  if (target) target.click();
  else if (key === "?") keys?.showModal();
  else if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
  else if (key === "x") document.activeElement.closest("li")?.querySelector("input[type=checkbox]")?.click();
  else return;
  event.preventDefault();
});
document.querySelector('[data-key="?"]')?.addEventListener("click", () => keys.showModal());

// A finding and its span light up together, from either side.
const light = (event) => {
  const of = (each) => each?.dataset.of.split(" ") ?? [];
  const on = event.type === "mouseover" || event.type === "focusin";
  const numbers = of(event.target.closest("[data-of]"));
  for (const each of all("[data-of]")) {
    if (of(each).some((n) => numbers.includes(n))) each.classList.toggle("lit", on);
  }
};
for (const type of ["mouseover", "mouseout", "focusin", "focusout"]) {
  document.addEventListener(type, light);
}

// Each finding as high as its span, where the two stand side by side and there is room.
const align = () => {
  for (const finding of all(".beside > .findings > .finding")) {
    finding.style.marginTop = "";
    const span = document.getElementById(`at-${finding.dataset.of}`)?.getBoundingClientRect();
    const place = finding.getBoundingClientRect();
    if (span && span.left < place.left) {
      finding.style.marginTop = `${Math.max(0, span.top - place.top - 10)}px`;
    }
  }
};
align();
addEventListener("resize", align);

// How long a countersignature can still be taken back.
setInterval(() => {
  for (const time of all("time[data-out]")) {
    const left = Math.max(0, Math.round((Date.parse(time.dateTime) - Date.now()) / 1000));
    time.textContent = `in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
}, 1000);

// The same words as clock.py.
setInterval(() => {
  for (const time of all("time[data-due]")) {
    const left = (Date.parse(time.dateTime) - Date.now()) / 60000;
    const minutes = Math.floor(Math.abs(left));
    const span = minutes < 2880
      ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`
      : `${Math.floor(minutes / 1440)} d`;
    time.textContent = (left < 0 ? "-" : "in ") + span;
    time.classList.toggle("late", left < 0);
  }
}, 15000);

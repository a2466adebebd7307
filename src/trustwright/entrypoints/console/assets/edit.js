// The checks look again whenever typing pauses. Without this file they look when the form is sent.
const form = document.querySelector("form[data-look]");
const list = form.querySelector(".findings");
const said = form.querySelector("[data-looked]");
const csrf = document.querySelector('meta[name="csrf"]').content;
let pause, asked = 0;

const shown = (found, ticked) => {
  const item = document.getElementById("finding").content.firstElementChild.cloneNode(true);
  const [chip, code, excerpt, sentence, remedy, box] = ["b", "code", ".excerpt", "[data-sentence]", ".meta", "input"]
    .map((each) => item.querySelector(each));
  chip.textContent = found.severity;
  chip.classList.add(found.severity);
  code.textContent = found.check;
  excerpt.textContent = found.excerpt;
  sentence.textContent = found.sentence;
  remedy.textContent = found.remedy;
  box.value = found.key;
  box.checked = ticked.has(found.key);
  if (!found.key) box.closest("p").remove();
  return item;
};

const look = async () => {
  const mine = ++asked;
  const names = [...form.querySelectorAll("[name=name]")];
  const parts = [...form.querySelectorAll("textarea")].map((each, n) => ({ name: names[n].value, text: each.value }));
  const headers = { "content-type": "application/json", "x-csrf-token": csrf };
  const answer = await fetch(form.dataset.look, { method: "POST", headers, body: JSON.stringify({ parts }) }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (mine !== asked) return;
  if (!answer?.ok) {
    said.textContent = told?.title ?? "The server can't be reached; the checks look when you save.";
    return;
  }
  const ticked = new Set([...list.querySelectorAll("input:checked")].map((each) => each.value));
  list.replaceChildren(...told.findings.map((each) => shown(each, ticked)));
  const n = told.findings.length;
  said.textContent = `${n} ${n === 1 ? "finding" : "findings"} in this text`;
};

form.addEventListener("input", (event) => {
  if (event.target.tagName !== "TEXTAREA") return;
  clearTimeout(pause);
  pause = setTimeout(look, 600);
});

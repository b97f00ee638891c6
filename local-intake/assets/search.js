// The search field: completion of attributes, tags and values. `data-complete="name"` completes names
// only.

// How long to wait for the next key, in milliseconds.
const PAUSE = 120;

export function completeQueries(root) {
  root.querySelectorAll("input[data-complete]").forEach((input, i) => new Completion(input, i));
}

class Completion {
  constructor(input, number) {
    this.input = input;
    this.namesOnly = input.dataset.complete === "name";
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `suggestions-${number}`;
    this.list.role = "listbox";
    this.list.ariaLabel = "Completions";
    this.list.hidden = true;
    input.after(this.list);
    input.role = "combobox";
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.ariaExpanded = "false";
    input.addEventListener("input", () => this.schedule());
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => this.close());
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.complete(), PAUSE);
  }

  // The word before the cursor, and where it starts.
  word() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    if (this.namesOnly) {
      return [before, 0];
    }
    const start = before.search(/(?:"(?:[^"\\]|\\.)*"?|\\.|[^\s()"])*$/u);
    const [, sign] = before.slice(start).match(/^(-?)/u);
    return [before.slice(start + sign.length), start + sign.length];
  }

  async complete() {
    const [word, start] = this.word();
    const colon = this.namesOnly ? -1 : word.indexOf(":");
    const found = colon < 0 ? await names(word) : await values(word.slice(0, colon), word.slice(colon + 1), this.input.dataset.level);
    if (this.word()[0] === word && document.activeElement === this.input) {
      this.show(found, start, word, colon);
    }
  }

  show(found, start, word, colon) {
    this.items = found.map(({ value, count }) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `${this.list.id}-${value}`;
      const [name, number] = [document.createElement("span"), document.createElement("span")];
      name.textContent = value;
      number.textContent = count ?? "";
      number.className = "count";
      item.append(name, number);
      const end = colon < 0 && !this.namesOnly ? ":" : "";
      const text = colon < 0 ? value + end : `${word.slice(0, colon + 1)}${quoted(value)} `;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.choose(start, word.length, text);
      });
      item.choose = () => this.choose(start, word.length, text);
      return item;
    });
    this.list.replaceChildren(...this.items);
    this.list.hidden = this.items.length === 0;
    this.input.ariaExpanded = String(!this.list.hidden);
    this.select(-1);
  }

  choose(start, length, text) {
    this.input.setRangeText(text, start, start + length, "end");
    this.input.focus();
    this.close();
    if (text.endsWith(":")) {
      this.complete();
    }
  }

  select(number) {
    this.selected = number;
    this.items?.forEach((item, i) => {
      item.ariaSelected = String(i === number);
    });
    const item = this.items?.[number];
    this.input.setAttribute("aria-activedescendant", item?.id ?? "");
    item?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    const count = this.list.hidden ? 0 : this.items.length;
    if (event.key === "ArrowDown" && count === 0) {
      this.complete();
    } else if (event.key === "ArrowDown") {
      this.select((this.selected + 1) % count);
    } else if (event.key === "ArrowUp" && count > 0) {
      this.select((this.selected <= 0 ? count : this.selected) - 1);
    } else if (event.key === "Enter" && count > 0 && this.selected >= 0) {
      this.items[this.selected].choose();
    } else if (event.key === "Escape" && count > 0) {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.ariaExpanded = "false";
    this.input.setAttribute("aria-activedescendant", "");
  }
}

async function names(contained) {
  const data = await get("/_intake/names", { contains: contained });
  return data.map((value) => ({ value }));
}

async function values(name, start, level) {
  const page = new URLSearchParams(location.search);
  const parameters = { name, from: page.get("from") ?? "", to: page.get("to") ?? "", level: page.get("level") ?? level ?? "" };
  const [facet] = await get("/_intake/values", parameters);
  const typed = start.replace(/^"|"$/gu, "").toLowerCase();
  const all = (facet?.values ?? []).map(({ value, count }) => ({ value: String(value), count }));
  return all.filter(({ value }) => value.toLowerCase().includes(typed));
}

async function get(path, parameters) {
  try {
    const response = await fetch(`${path}?${new URLSearchParams(parameters)}`);
    return response.ok ? (await response.json()).data : [];
  } catch {
    return [];
  }
}

function quoted(value) {
  return /^[\p{L}\p{N}_./-]+$/u.test(value) ? value : `"${value.replace(/["\\]/gu, "\\$&")}"`;
}

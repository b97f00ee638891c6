// The search field: completion of attributes, tags and values. `data-complete="name"` completes names
// only.

// How long to wait for the next key, in milliseconds.
const PAUSE = 120;
// A word of a query. In quotation marks, it has everything up to the end of an open one.
const WORD = /(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|\\.|[^\s()"])+/gu;

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

  // The word before the cursor, where it starts, and where it ends after the cursor.
  word() {
    const { value, selectionStart: cursor } = this.input;
    if (this.namesOnly) {
      return [value.slice(0, cursor), 0, value.length];
    }
    for (const { 0: found, index } of value.matchAll(WORD)) {
      const end = index + found.length;
      if (index <= cursor && cursor <= end) {
        const start = index + (found.startsWith("-") && cursor > index ? 1 : 0);
        const word = value.slice(start, cursor);
        const colon = value.slice(cursor, end).indexOf(":");
        // A name is replaced without the value after it.
        return [word, start, !word.includes(":") && colon >= 0 ? cursor + colon + 1 : end];
      }
    }
    return ["", cursor, cursor];
  }

  async complete() {
    const [word, start] = this.word();
    const colon = this.namesOnly ? -1 : word.indexOf(":");
    const found = colon < 0 ? await names(word, this.input.dataset.level) : await values(word.slice(0, colon), word.slice(colon + 1), this.input.dataset.level);
    const [now, from] = this.word();
    if (now === word && from === start && document.activeElement === this.input) {
      this.show(found, word, colon);
    }
  }

  show(found, word, colon) {
    this.items = found.map(({ value, count }, i) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `${this.list.id}-${i}`;
      const [name, number] = [document.createElement("span"), document.createElement("span")];
      name.textContent = value;
      number.textContent = count ?? "";
      number.className = "count";
      item.append(name, number);
      const end = colon < 0 && !this.namesOnly ? ":" : "";
      const text = colon < 0 ? value + end : `${word.slice(0, colon + 1)}${quoted(value)} `;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.choose(text);
      });
      item.choose = () => this.choose(text);
      return item;
    });
    this.list.replaceChildren(...this.items);
    this.list.hidden = this.items.length === 0;
    this.input.ariaExpanded = String(!this.list.hidden);
    this.select(-1);
  }

  // Replaces the word, which may have changed since the completions were shown.
  choose(text) {
    const [, start, end] = this.word();
    this.input.setRangeText(text, start, end, "end");
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
    // These keys belong to the input method.
    if (event.isComposing) {
      return;
    }
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

// The names that events of the level have in the time range.
async function names(contains, level) {
  const data = await get("/_intake/names", { contains, ...range(level) });
  return data.map((value) => ({ value }));
}

async function values(name, start, level) {
  const contains = start.replace(/^"|"$/gu, "").replace(/\\(.)/gu, "$1");
  const [facet] = await get("/_intake/values", { name, contains, ...range(level) });
  return (facet?.values ?? []).map(({ value, count }) => ({ value: String(value), count }));
}

// The time range and the level of the page.
function range(level) {
  const page = new URLSearchParams(location.search);
  return { from: page.get("from") ?? "", to: page.get("to") ?? "", level: page.get("level") ?? level ?? "" };
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

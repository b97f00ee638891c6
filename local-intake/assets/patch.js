// Changing a part of the page so that it is like another one, without replacing what is the same.

// What belongs to the user.
const KEPT = { DETAILS: ["open"] };

// Makes an element like another one, which is used up.
export function patch(element, next) {
  if (element.isEqualNode(next)) {
    return;
  }
  patchAttributes(element, next);
  patchChildren(element, next);
}

function patchAttributes(element, next) {
  const kept = KEPT[element.nodeName] ?? [];
  for (const { name, value } of next.attributes) {
    if (!kept.includes(name) && element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }
  for (const { name } of [...element.attributes]) {
    if (!kept.includes(name) && !next.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  }
}

function patchChildren(element, next) {
  const wanted = new Set([...next.children].map(key));
  const known = new Map();
  for (const child of [...element.children]) {
    const name = key(child);
    if (name !== undefined && wanted.has(name)) {
      known.set(name, child);
    } else if (name !== undefined) {
      child.remove();
    }
  }
  let current = element.firstChild;
  for (const child of [...next.childNodes]) {
    const name = key(child);
    let same = known.get(name);
    if (name === undefined && current !== null && key(current) === undefined && current.nodeName === child.nodeName) {
      same = current;
    }
    if (same === undefined || same.nodeName !== child.nodeName) {
      element.insertBefore(child, current);
      continue;
    }
    if (same === current) {
      current = current.nextSibling;
    } else {
      element.insertBefore(same, current);
    }
    if (same.nodeType === Node.ELEMENT_NODE) {
      patch(same, child);
    } else if (same.data !== child.data) {
      same.data = child.data;
    }
  }
  while (current !== null) {
    const following = current.nextSibling;
    current.remove();
    current = following;
  }
}

// What identifies a child wherever it is in its parent.
function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key ?? (node.id || undefined) : undefined;
}

// The addresses at which others watch, each with a button that copies it.

let shown = '';

export function showLinks(section, list, links) {
  const text = links.join(' ');
  if (text === shown) return;
  shown = text;
  section.hidden = links.length === 0;
  list.replaceChildren(...links.map(describe));
}

function describe(link) {
  const anchor = document.createElement('a');
  anchor.href = link;
  anchor.target = '_blank';
  anchor.rel = 'noopener';
  anchor.textContent = link;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy ${link}`);
  button.addEventListener('click', () => copy(link, anchor, button));
  const item = document.createElement('li');
  item.append(anchor, button);
  return item;
}

async function copy(link, anchor, button) {
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  } catch {
    getSelection().selectAllChildren(anchor); // to be copied by hand
  }
}

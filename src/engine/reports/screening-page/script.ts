/**
 * Runs in the reader's browser, alone with the page: no request, no storage, nothing from a file is ever treated as markup or code.
 * Plain JavaScript of the year 2022. Held as text because the page's policy names its hash.
 */
export const script = String.raw`(() => {
'use strict';
const root = document.documentElement;
root.classList.add('js');
const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches;

document.addEventListener('DOMContentLoaded', () => {
  const words = JSON.parse(document.getElementById('ui-words').textContent);
  const fill = (text, values) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
  const main = document.getElementById('files');
  const bar = document.getElementById('bar');
  const search = document.getElementById('search');
  const sort = document.getElementById('sort');
  const output = document.getElementById('count');
  const chips = [...bar.querySelectorAll('[data-filter]')];
  const files = [...main.querySelectorAll(':scope > details.file')].map((element, order) => ({
    element, order,
    word: element.dataset.word,
    rank: Number(element.dataset.rank),
    bytes: Number(element.dataset.bytes),
    conflicts: Number(element.dataset.conflicts),
    name: element.dataset.name,
    text: element.dataset.text,
    hidden: false,
  }));

  if (!document.getElementById('end')) {
    const note = document.createElement('p');
    note.className = 'unfinished';
    note.textContent = words.unfinished;
    document.querySelector('.masthead').append(note);
  }

  // The bar: how many of what, and which of them to see.
  const wanted = new Set();
  const fits = (file, filter) => filter === 'conflict' ? file.conflicts > 0 : file.word === filter;
  for (const chip of chips) {
    const number = files.filter((file) => fits(file, chip.dataset.filter)).length;
    chip.querySelector('b').textContent = number.toLocaleString(root.lang);
    chip.hidden = number === 0;
    chip.addEventListener('click', () => {
      const on = !wanted.has(chip.dataset.filter);
      if (on) wanted.add(chip.dataset.filter); else wanted.delete(chip.dataset.filter);
      chip.setAttribute('aria-pressed', String(on));
      sift();
    });
  }
  const sift = () => {
    const sought = search.value.trim().toLowerCase();
    const verdicts = [...wanted].filter((filter) => filter !== 'conflict');
    let seen = 0;
    for (const file of files) {
      const show = (verdicts.length === 0 || verdicts.includes(file.word))
        && (!wanted.has('conflict') || file.conflicts > 0)
        && (sought === '' || file.text.includes(sought));
      if (show) seen += 1;
      if (file.hidden === show) { file.hidden = !show; file.element.hidden = !show; }
    }
    output.textContent = fill(seen === files.length ? words.all : words.some, { seen: seen.toLocaleString(root.lang), all: files.length.toLocaleString(root.lang) });
  };
  const collator = new Intl.Collator(root.lang, { numeric: true });
  const orders = {
    order: (a, b) => a.order - b.order,
    rank: (a, b) => a.rank - b.rank || a.order - b.order,
    conflicts: (a, b) => b.conflicts - a.conflicts || a.rank - b.rank || a.order - b.order,
    name: (a, b) => collator.compare(a.name, b.name) || a.order - b.order,
    bytes: (a, b) => b.bytes - a.bytes || a.order - b.order,
  };
  const arrange = () => {
    const order = orders[sort.value] || orders.order;
    files.sort(order);
    main.append(...files.map((file) => file.element));
  };
  search.addEventListener('input', sift);
  sort.addEventListener('change', arrange);
  bar.hidden = files.length < 2;
  sift();

  const measure = () => root.style.setProperty('--bar', (bar.hidden || getComputedStyle(bar).position !== 'sticky' ? 0 : bar.offsetHeight) + 'px');
  new ResizeObserver(measure).observe(bar);
  measure();

  // Moving about: J and K between rows, / to search. Enter and space open a row because it is a summary.
  const rowOf = (file) => file.element.firstElementChild;
  const move = (step) => {
    const visible = files.filter((file) => !file.hidden);
    if (visible.length === 0) return;
    const inside = document.activeElement.closest('details.file');
    const here = visible.findIndex((file) => file.element === inside);
    const next = here < 0 ? (step > 0 ? 0 : visible.length - 1) : Math.min(visible.length - 1, Math.max(0, here + step));
    rowOf(visible[next]).focus({ preventScroll: true });
    visible[next].element.scrollIntoView({ block: 'nearest', behavior: 'auto' });
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest && event.target.closest('input, select, textarea');
    if (event.key === 'Escape' && typing === search) { search.value = ''; sift(); move(1); return; }
    if (typing) return;
    const key = event.key.toLowerCase();
    if (key === 'j') move(1);
    else if (key === 'k') move(-1);
    else if (key === '/' && !bar.hidden) { event.preventDefault(); search.focus(); search.select(); }
  });

  // Bodies of a long report wait as text, escaped by the writer; they become elements when someone looks.
  const draw = (file) => {
    const later = file.querySelector(':scope > script.later');
    if (!later) return;
    const template = document.createElement('template');
    template.innerHTML = later.textContent;
    later.replaceWith(template.content);
  };

  // A badge leads to its signal, even into a closed section.
  const openTarget = () => {
    const [, fileId] = /^#(f\d+)(?:-s\d+)?$/.exec(location.hash) || [];
    const file = fileId && document.getElementById(fileId);
    if (!file) return;
    draw(file);
    file.open = true;
    const target = document.getElementById(location.hash.slice(1)) || file;
    target.scrollIntoView({ block: target === file ? 'start' : 'center', behavior: reduced ? 'auto' : 'smooth' });
    (target === file ? file.firstElementChild : target).focus({ preventScroll: true });
  };
  addEventListener('hashchange', openTarget);
  if (files.length === 1) files[0].element.open = true;
  openTarget();

  // Buttons.
  const announce = (button, text) => {
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = text;
    setTimeout(() => { button.textContent = before; }, 1600);
  };
  const recordOf = (element) => JSON.parse(element.closest('details.file').querySelector(':scope > script.record').textContent);
  // Characters that disturb a reader stay escapes, as the evidence beside it shows them.
  const pretty = (record) => JSON.stringify(record, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (c) => c.split('').map((unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')).join(''));
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* refused or absent: the old way below */ }
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'sr';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  };
  const save = (text, type, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.hasAttribute('data-reveal')) {
      const stills = button.closest('.stills');
      const on = stills.classList.toggle('revealed');
      button.setAttribute('aria-pressed', String(on));
      button.textContent = on ? button.dataset.shown : button.dataset.hidden;
    } else if (button.dataset.copy) {
      const from = button.dataset.copy;
      const text = from === 'record' ? pretty(recordOf(button))
        : (from === 'next' ? button.nextElementSibling : button.previousElementSibling).textContent;
      announce(button, await copy(text) ? words.copied : words['not-copied']);
      const pre = button.closest('[data-raw]');
      if (pre) showRaw(pre);
    } else if (button.hasAttribute('data-download')) {
      const record = recordOf(button);
      save(pretty(record) + '\n', 'application/json', 'clearmirror-' + (record.file.sha256 || 'record').slice(0, 12) + '.json');
    } else if (button.dataset.svg) {
      const picture = button.closest('figure').querySelector('svg');
      const file = button.closest('details.file');
      save(standalone(picture), 'image/svg+xml', 'clearmirror-' + file.id + '-' + button.dataset.svg + '.svg');
    }
  });

  const showRaw = (fold) => {
    const pre = fold.querySelector('pre');
    if (pre.textContent === '') pre.textContent = pretty(recordOf(fold));
  };
  // toggle does not bubble, but it is captured.
  document.addEventListener('toggle', (event) => {
    if (!event.target.open) return;
    if (event.target.matches('details.file')) draw(event.target);
    if (event.target.matches('[data-raw]')) showRaw(event.target);
  }, true);

  // A picture that leaves the page takes its looks along as attributes, on today's background.
  const looks = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-family', 'font-size', 'font-weight'];
  const standalone = (picture) => {
    const clone = picture.cloneNode(true);
    const originals = [picture, ...picture.querySelectorAll('*')];
    const copies = [clone, ...clone.querySelectorAll('*')];
    originals.forEach((original, index) => {
      if (original.closest('filter')) return;
      const computed = getComputedStyle(original);
      for (const look of looks) copies[index].setAttribute(look, computed.getPropertyValue(look));
      if (original.matches('rect.node')) copies[index].setAttribute('width', parseFloat(computed.width));
      copies[index].removeAttribute('class');
    });
    const box = picture.getBoundingClientRect();
    clone.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    clone.setAttribute('width', Math.round(box.width));
    clone.setAttribute('height', Math.round(box.height));
    const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    ground.setAttribute('width', '100%');
    ground.setAttribute('height', '100%');
    ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
    clone.prepend(ground);
    return new XMLSerializer().serializeToString(clone);
  };

  // On paper every fold of the files in view is open, but for the raw record: it is for machines.
  let opened = [];
  addEventListener('beforeprint', () => {
    for (const file of files) if (!file.hidden) draw(file.element);
    opened = [...main.querySelectorAll('details:not([open]):not([data-raw])')].filter((fold) => !fold.closest('[hidden]'));
    for (const fold of opened) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const fold of opened) fold.open = false;
    opened = [];
  });
});
})();`;

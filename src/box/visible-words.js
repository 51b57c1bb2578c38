/**
 * Read into a page by browser.ts, in a world of its own: the page's scripts cannot change what these functions do. Answers the words that
 * a person sees, in the order of the document; what is hidden, transparent, outside or too small to read is left out.
 */
(() => {
  const longest = 1_000_000;
  /** CSS pixels. */
  const smallestText = 6;
  const pieces = [];
  let length = 0;

  function say(text) {
    if (length > longest) return;
    pieces.push(text);
    length += text.length;
  }

  function isLegible(style) {
    return Number.parseFloat(style.fontSize) >= smallestText && !/^rgba\(.*,\s*0\)$/.test(style.color);
  }

  function isShown(element) {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false });
  }

  function isSeen(text) {
    const element = text.parentElement ?? text.getRootNode().host;
    if (!element || !isShown(element) || !isLegible(getComputedStyle(element))) return false;
    const range = document.createRange();
    range.selectNodeContents(text);
    return [...range.getClientRects()].some(
      ({ width, height, right, bottom }) => width * height > 0 && right + scrollX > 0 && bottom + scrollY > 0,
    );
  }

  function sayGenerated(element, where) {
    const style = getComputedStyle(element, where);
    const said = /^"(.*)"$/s.exec(style.content)?.[1];
    if (said && style.display !== 'none' && style.visibility === 'visible' && style.opacity !== '0' && isLegible(style))
      say(said.replaceAll('\\"', '"'));
  }

  function childrenOf(element) {
    // What is folded up: all but its heading.
    if (element instanceof HTMLDetailsElement && !element.open)
      return [...element.children]
        .filter((child) => child instanceof HTMLElement && child.tagName === 'SUMMARY')
        .slice(0, 1);
    const slotted = element instanceof HTMLSlotElement ? element.assignedNodes() : [];
    return slotted.length > 0 ? slotted : (element.shadowRoot ?? element).childNodes;
  }

  function visit(node) {
    if (length > longest) return;
    if (node instanceof Text) {
      if (isSeen(node)) say(node.data);
      return;
    }
    if (!(node instanceof Element)) return;
    const { display } = getComputedStyle(node);
    if (display === 'none') return;
    const isApart = !display.startsWith('inline') && display !== 'contents';
    if (isApart) say(' ');
    const isOpen = display === 'contents' || isShown(node);
    if (isOpen) sayGenerated(node, '::before');
    for (const child of childrenOf(node)) visit(child);
    if (isOpen) sayGenerated(node, '::after');
    if (isApart || node instanceof HTMLBRElement) say(' ');
  }

  if (document.body) visit(document.body);
  return pieces.join('').slice(0, longest);
})();

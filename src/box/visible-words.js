/**
 * Read into a page by browser.ts, in a world of its own: the page's scripts cannot change what these functions do. Answers the words that
 * a person sees, in the order of the document; what is hidden, transparent, cut off, out of reach or too small to read is left out.
 * Between them stand the frames of the page: `parts` has one more than `frames`, and each frame comes with the view through which it is
 * seen. A frame is read by the same words with its view; the page itself has none.
 *
 * Words that somebody scrolls to are seen: those below the fold, and those in a box with its own scrolling, as far as it scrolls. What
 * `overflow: hidden` cuts off is not, although scripts could move it. That a page itself may not be scrolled just now hides nothing: a
 * notice that lies over it holds it so, until somebody closes that notice.
 */
// biome-ignore lint/correctness/noUnusedVariables: seen-words.ts calls it
function seeWords(view) {
  const longest = 1_000_000;
  /** CSS pixels. */
  const smallestText = 6;
  /** Of a colour, together with all opacities around it. */
  const faintest = 0.1;
  /** Of a letter: with less nobody knows which one it is. */
  const leastOfLetter = 0.5;
  /** How far people go on, in windows. Beyond that words are put away, not shown. */
  const windowsDown = 50;
  const windowsAside = 1;
  const parts = [[]];
  const frames = [];
  let length = 0;

  function say(text) {
    if (length > longest) return;
    parts.at(-1).push(text);
    length += text.length;
  }

  /*
   * An opening is where words can come to be seen: for each axis a span in pixels of the window, `from` and `to` with all scrolling
   * counted in, of which not more than `most` is in sight at once.
   */

  function meet({ x, y }, box) {
    return { x: meetSpan(x, box.left, box.right), y: meetSpan(y, box.top, box.bottom) };
  }

  function meetSpan({ from, to, most }, start, end) {
    return { from: Math.max(from, start), to: Math.min(to, end), most };
  }

  /** The span through one that scrolls: `back` and `on` pixels from where it stands. */
  function scrollSpan(span, start, end, { back, on }) {
    const { from, to } = meetSpan(span, start, end);
    return { from: from - back, to: to + on, most: Math.min(span.most, Math.max(0, to - from)) };
  }

  function seenOf({ from, to, most }, start, end) {
    return Math.max(0, Math.min(Math.min(to, end) - Math.max(from, start), most));
  }

  function isWithin({ x, y }, { left, top, right, bottom }) {
    return (
      seenOf(x, left, right) >= Math.max(right - left, smallestText) &&
      seenOf(y, top, bottom) >= Math.max(bottom - top, smallestText)
    );
  }

  /** Whether enough of a letter, or of another box, is in sight. */
  function isInSight({ x, y }, { left, top, right, bottom }) {
    const seen = seenOf(x, left, right) * seenOf(y, top, bottom);
    return (
      Math.max(right - left, bottom - top) >= smallestText && seen >= leastOfLetter * (right - left) * (bottom - top)
    );
  }

  function hasRoom({ x, y }, box = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity }) {
    return seenOf(x, box.left, box.right) >= smallestText && seenOf(y, box.top, box.bottom) >= smallestText;
  }

  /** How far an element can be scrolled by hand. */
  function scrollOf(element, style) {
    const isUpright = style.writingMode.startsWith('horizontal');
    const isFlipped = (direction) => style.display.includes('flex') && style.flexDirection === direction;
    const isFromRight =
      (isUpright ? style.direction === 'rtl' : /-rl$/.test(style.writingMode)) !== isFlipped('row-reverse');
    return {
      x: scrollAlong(
        element.scrollWidth - element.clientWidth,
        element.scrollLeft,
        isFromRight,
        innerWidth * windowsAside,
      ),
      y: scrollAlong(
        element.scrollHeight - element.clientHeight,
        element.scrollTop,
        isFlipped('column-reverse'),
        innerHeight * windowsDown,
      ),
    };
  }

  function scrollAlong(most, at, isFromEnd, furthest) {
    const [gone, left] = [Math.abs(at), Math.max(0, most - Math.abs(at))].map((way) => Math.min(way, furthest));
    return isFromEnd ? { back: left, on: gone } : { back: gone, on: left };
  }

  /** What holds for the children of an element: the openings for those in the flow, for absolute and for fixed ones, and the paint. */
  function wholePage() {
    const root = document.documentElement;
    const page = document.scrollingElement ?? root;
    const span = { from: -Infinity, to: Infinity, most: Infinity };
    const { x, y, opacity, scrolls } = view ?? { x: span, y: span, opacity: 1, scrolls: true };
    const style = getComputedStyle(root);
    const { overflowX, overflowY } = bodyHoldsWindow() ? getComputedStyle(document.body) : style;
    const scroll = scrollOf(page, style);
    const stays = { back: 0, on: 0 };
    // Beside a page that is not moved sideways nobody looks.
    const aside = scrolls && !/hidden|clip/.test(overflowX) ? scroll.x : stays;
    // No notice holds a frame.
    const down = view === null || (scrolls && !/hidden|clip/.test(overflowY)) ? scroll.y : stays;
    const moved = { x: scrollSpan(x, 0, innerWidth, aside), y: scrollSpan(y, 0, innerHeight, down) };
    const still = { x: meetSpan(x, 0, innerWidth), y: meetSpan(y, 0, innerHeight) };
    return { flow: moved, absolute: moved, fixed: still, opacity, isFilled: false };
  }

  /** What is said of the body's overflow is done by the window, unless it is said of the root too. */
  function bodyHoldsWindow() {
    const { overflowX, overflowY } = getComputedStyle(document.documentElement);
    return document.body && overflowX === 'visible' && overflowY === 'visible';
  }

  const whole = wholePage();

  function inside(element, style, outer) {
    if (style.display === 'contents') return outer;
    const around = element.matches(':modal, :popover-open, :fullscreen') ? whole : outer;
    const box = element.getBoundingClientRect();
    const shape = shapeOf(style, box);
    const cut = (opening) => (shape ? meet(opening, shape) : opening);
    const own = cut(
      style.position === 'fixed' ? around.fixed : style.position === 'absolute' ? around.absolute : around.flow,
    );
    const flow = through(own, element, style, box);
    const holdsFixed = style.display !== 'inline' && isBlockOfFixed(style);
    const holdsAbsolute = holdsFixed || style.position !== 'static';
    return {
      flow,
      absolute: holdsAbsolute ? flow : cut(around.absolute),
      fixed: holdsFixed ? flow : cut(around.fixed),
      opacity: around.opacity * Number.parseFloat(style.opacity),
      isFilled: around.isFilled || fillsText(style),
    };
  }

  /** CSS Transforms 1, 3; CSS Containment 2, 3: what fixed children stay within. */
  function isBlockOfFixed(style) {
    const { transform, translate, rotate, scale, perspective, filter, backdropFilter } = style;
    return (
      [transform, translate, rotate, scale, perspective, filter, backdropFilter].some((value) => value !== 'none') ||
      /transform|translate|rotate|scale|perspective|filter|contain/.test(style.willChange) ||
      /layout/.test(style.contain) ||
      keepsPaint(style)
    );
  }

  function keepsPaint({ contain }) {
    return /paint|strict|content/.test(contain);
  }

  /** The opening through the box of an element, where that cuts off or scrolls what is in it. */
  function through(opening, element, style, box) {
    const isWindow = element === document.documentElement || (element === document.body && bodyHoldsWindow());
    if (isWindow || !cutsOff(element, style)) return opening;
    const scale = scaleOf(element, box);
    const border = (side, by) => Number.parseFloat(style[`border${side}Width`]) * by;
    const scroll = scrollOf(element, style);
    const along = (span, how, start, end, way) => {
      if (how === 'visible' && !keepsPaint(style)) return span;
      if (how === 'auto' || how === 'scroll') return scrollSpan(span, start, end, way);
      return meetSpan(span, start, end);
    };
    return {
      x: along(
        opening.x,
        style.overflowX,
        box.left + border('Left', scale.x),
        box.right - border('Right', scale.x),
        scroll.x,
      ),
      y: along(
        opening.y,
        style.overflowY,
        box.top + border('Top', scale.y),
        box.bottom - border('Bottom', scale.y),
        scroll.y,
      ),
    };
  }

  /** How much larger it is drawn than it is laid out. */
  function scaleOf({ offsetWidth, offsetHeight }, { width, height }) {
    return { x: width / (offsetWidth || width || 1), y: height / (offsetHeight || height || 1) };
  }

  /** CSS Overflow 3, 3.1: boxes of a line and of parts of a table do not. */
  function cutsOff(element, style) {
    const { display, overflowX, overflowY } = style;
    if (overflowX === 'visible' && overflowY === 'visible' && !keepsPaint(style)) return false;
    if (element instanceof SVGElement) return element.ownerSVGElement === null;
    return !/^(inline|ruby|ruby-.*|table-(row|column|header|footer).*)$/.test(display);
  }

  /** The box around what `clip` and `clip-path` leave; null where they leave all, or a shape whose measure is not read here. */
  function shapeOf({ position, clip, clipPath }, box) {
    const old = /^(absolute|fixed)$/.test(position) ? rectOf(clip, box) : null;
    const shape = pathBox(clipPath, box);
    if (!old || !shape) return old ?? shape;
    return {
      left: Math.max(old.left, shape.left),
      top: Math.max(old.top, shape.top),
      right: Math.min(old.right, shape.right),
      bottom: Math.min(old.bottom, shape.bottom),
    };
  }

  function rectOf(clip, { left, top, right, bottom }) {
    const sides = /^rect\((.*)\)$/.exec(clip)?.[1]?.split(/[\s,]+/);
    if (sides?.length !== 4) return null;
    const at = (side, start, otherwise) => (side === 'auto' ? otherwise : start + Number.parseFloat(side));
    return {
      top: at(sides[0], top, top),
      right: at(sides[1], left, right),
      bottom: at(sides[2], top, bottom),
      left: at(sides[3], left, left),
    };
  }

  /** CSS Shapes 1, 3, as a style says them when it is computed: pixels, percentages and sums of both. */
  function pathBox(clipPath, { left, top, right, bottom }) {
    const [, kind, said = ''] = /^([a-z]+)\((.*)\)/s.exec(clipPath) ?? [];
    const [width, height] = [right - left, bottom - top];
    const words = said.split(' round ')[0].match(/calc\([^()]*\)|[^\s,]+/g) ?? [];
    if (kind === 'inset') {
      const [up, aside = up, down = up, other = aside] = words;
      const sides = {
        left: left + sizeOf(other, width),
        top: top + sizeOf(up, height),
        right: right - sizeOf(aside, width),
        bottom: bottom - sizeOf(down, height),
      };
      return isMeasured(sides) ? sides : null;
    }
    if (kind === 'circle' || kind === 'ellipse') {
      const at = words.indexOf('at');
      const [x, y] = at < 0 ? ['50%', '50%'] : words.slice(at + 1);
      const radii = words.slice(0, at < 0 ? words.length : at);
      const radius = (index, size) => sizeOf(radii[kind === 'circle' ? 0 : index], size);
      const diagonal = Math.hypot(width, height) / Math.SQRT2;
      const wide = radius(0, kind === 'circle' ? diagonal : width);
      const high = radius(1, kind === 'circle' ? diagonal : height);
      const middle = { x: left + sizeOf(x, width), y: top + sizeOf(y, height) };
      const sides = { left: middle.x - wide, top: middle.y - high, right: middle.x + wide, bottom: middle.y + high };
      return isMeasured(sides) ? sides : null;
    }
    if (kind !== 'polygon') return null;
    const points = words.filter((word) => word !== 'evenodd' && word !== 'nonzero');
    const across = points.filter((_, index) => index % 2 === 0).map((word) => left + sizeOf(word, width));
    const down = points.filter((_, index) => index % 2 === 1).map((word) => top + sizeOf(word, height));
    const sides = {
      left: Math.min(...across),
      top: Math.min(...down),
      right: Math.max(...across),
      bottom: Math.max(...down),
    };
    return isMeasured(sides) ? sides : null;
  }

  function isMeasured(sides) {
    return Object.values(sides).every((side) => !Number.isNaN(side));
  }

  function sizeOf(word, size) {
    const sum = /^calc\((-?[\d.e-]+)% ([+-]) ([\d.e-]+)px\)$/.exec(word);
    if (sum) return (Number(sum[1]) / 100) * size + Number(sum[3]) * (sum[2] === '-' ? -1 : 1);
    const [, number, unit] = /^(-?[\d.e-]+)(px|%)$/.exec(word) ?? [];
    return unit === '%' ? (Number(number) / 100) * size : Number(number);
  }

  /** Letters cut out of a background: their own colour is none, and they are seen. */
  function fillsText({ backgroundClip, backgroundImage, backgroundColor }) {
    return /text/.test(backgroundClip) && (backgroundImage !== 'none' || alphaOf(backgroundColor) >= faintest);
  }

  function alphaOf(colour) {
    const [, old, slashed] = /^rgba\(.*,\s*([\d.e-]+)\)$|\/\s*([\d.e-]+|none)\)$/.exec(colour) ?? [];
    const alpha = old ?? slashed;
    return alpha === undefined ? 1 : Number(alpha === 'none' ? 0 : alpha);
  }

  function isLegible(style, { opacity, isFilled }) {
    const stroke = Number.parseFloat(style.webkitTextStrokeWidth) > 0 ? alphaOf(style.webkitTextStrokeColor) : 0;
    const paint = isFilled ? 1 : Math.max(alphaOf(style.webkitTextFillColor), stroke);
    return (
      style.visibility === 'visible' && Number.parseFloat(style.fontSize) >= smallestText && paint * opacity >= faintest
    );
  }

  function sayText(text, style, around) {
    if (isLegible(style, around)) sayPart(text, 0, text.length, around.flow);
  }

  /** Halved until a part is wholly in sight, wholly out of it, or a letter. Returns whether its end is in sight. */
  function sayPart(text, start, end, opening, wasSeen = false) {
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, end);
    const places = [...range.getClientRects()].filter(({ width, height }) => width * height > 0);
    const isLetter = end - start <= ((text.data.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    // A letter without a place of its own belongs to the one before it; more of them are not shown at all.
    const isSeen =
      places.length === 0
        ? isLetter && wasSeen
        : places.every((place) => isWithin(opening, place)) ||
          (isLetter && places.some((place) => isInSight(opening, place)));
    const isHidden = places.every(({ left, top, right, bottom }) => {
      return seenOf(opening.x, left, right) * seenOf(opening.y, top, bottom) === 0;
    });
    if (isSeen || isHidden || isLetter) {
      // What was cut out stands between what is left.
      say(isSeen ? text.data.slice(start, end) : ' ');
      return isSeen;
    }
    const half = (start + end) >> 1;
    // Not between the two halves of a letter.
    const middle = half + ((text.data.codePointAt(half - 1) ?? 0) > 0xffff ? 1 : 0);
    return sayPart(text, middle, end, opening, sayPart(text, start, middle, opening, wasSeen));
  }

  /** Its place is not told to anybody: what its element, its own box and its offsets say must do. */
  function sayGenerated(element, where, around) {
    const style = getComputedStyle(element, where);
    const said = /^"(.*)"$/s.exec(style.content)?.[1];
    if (!said || style.display === 'none') return;
    const own = {
      opacity: around.opacity * Number.parseFloat(style.opacity),
      isFilled: around.isFilled || fillsText(style),
    };
    if (isLegible(style, own) && isGeneratedInSight(element, style, around)) say(said.replaceAll('\\"', '"'));
  }

  function isGeneratedInSight(element, style, { flow, absolute, fixed }) {
    const isOut = style.position === 'absolute' || style.position === 'fixed';
    const opening = style.position === 'fixed' ? fixed : style.position === 'absolute' ? absolute : flow;
    const box = element.getBoundingClientRect();
    if (isOut || box.width * box.height === 0 ? !hasRoom(opening) : !hasRoom(opening, box)) return false;
    const [right, bottom] = [style.width, style.height].map((size) => Number.parseFloat(size));
    if (right >= 0 && bottom >= 0) {
      const own = { left: 0, top: 0, right, bottom };
      const shape = shapeOf(style, own) ?? own;
      const isCut = shape !== own || style.overflowX !== 'visible' || style.overflowY !== 'visible';
      if (isCut && Math.min(shape.right - shape.left, shape.bottom - shape.top) < smallestText) return false;
    }
    const offset = (...names) => names.reduce((sum, name) => sum + (Number.parseFloat(style[name]) || 0), 0);
    const [x, y] = [offset('left', 'marginLeft', 'textIndent'), offset('top', 'marginTop')];
    return (
      x > -innerWidth && x < innerWidth * (1 + windowsAside) && y > -innerHeight && y < innerHeight * (1 + windowsDown)
    );
  }

  /** What is seen of it, in its own pixels. */
  function sayFrame(element, style, { flow, opacity }) {
    if (style.visibility !== 'visible' || opacity < faintest) return;
    const box = element.getBoundingClientRect();
    const scale = scaleOf(element, box);
    const edge = (side, by) =>
      (Number.parseFloat(style[`border${side}Width`]) + Number.parseFloat(style[`padding${side}`])) * by;
    const held = {
      left: box.left + edge('Left', scale.x),
      top: box.top + edge('Top', scale.y),
      right: box.right - edge('Right', scale.x),
      bottom: box.bottom - edge('Bottom', scale.y),
    };
    if (!hasRoom(flow, held)) return;
    const along = (span, start, end, by) => {
      const { from, to, most } = meetSpan(span, start, end);
      return { from: (from - start) / by, to: (to - start) / by, most: Math.min(most, to - from) / by };
    };
    const seen = {
      x: along(flow.x, held.left, held.right, scale.x),
      y: along(flow.y, held.top, held.bottom, scale.y),
      opacity,
      scrolls: element.getAttribute('scrolling') !== 'no',
    };
    frames.push({ element, view: seen });
    parts.push([]);
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

  function visit(element, outer) {
    const style = getComputedStyle(element);
    const { display } = style;
    if (display === 'none') return;
    const isApart = !display.startsWith('inline') && display !== 'contents';
    if (isApart) say(' ');
    // Taken out of the rendering, as what is folded up.
    if (style.contentVisibility !== 'hidden' || display === 'inline') {
      const around = inside(element, style, outer);
      if (/^(iframe|frame|object|embed)$/.test(element.localName)) sayFrame(element, style, around);
      sayGenerated(element, '::before', around);
      for (const child of childrenOf(element)) {
        if (length > longest) return;
        if (child instanceof Text) sayText(child, style, around);
        else if (child instanceof Element) visit(child, around);
      }
      sayGenerated(element, '::after', around);
    }
    if (isApart || element instanceof HTMLBRElement) say(' ');
  }

  const root = document.documentElement;
  if (document.body && getComputedStyle(root).display !== 'none')
    visit(document.body, inside(root, getComputedStyle(root), whole));
  return { parts: parts.map((part) => part.join('')), frames };
}

/** Saves a chart as a picture that stands alone: the colours of this page written in, its pictures inside. */
export async function saveSvg(svg: SVGSVGElement, name: string): Promise<void> {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(Math.round(width)));
  copy.setAttribute('height', String(Math.round(height)));
  const from = [svg, ...svg.querySelectorAll('*')];
  for (const [index, element] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const original = from[index];
    if (original) writeLooks(original, element);
  }
  for (const image of copy.querySelectorAll('image')) {
    const address = image.getAttribute('href');
    if (address) image.setAttribute('href', await asData(address));
  }
  const ground = getComputedStyle(document.documentElement).getPropertyValue('--card');
  copy.style.background = ground;
  download(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }), `${name}.svg`);
}

const looks = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
];

function writeLooks(original: Element, element: Element): void {
  const computed = getComputedStyle(original);
  for (const look of looks) element.setAttribute(look, computed.getPropertyValue(look));
  for (const extra of ['class', 'tabindex', 'role', 'aria-label']) element.removeAttribute(extra);
}

async function asData(address: string): Promise<string> {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

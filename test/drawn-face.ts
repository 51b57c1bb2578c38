/** SVG shapes of a face: from chin to crown about twice `r`, its middle at `cx`, `cy`; pixels. */
export function drawnFace(cx: number, cy: number, r: number): string {
  const p = (x: number, y: number) => `${cx + x * r} ${cy + y * r}`;
  return `
  <defs><radialGradient id="skin" cx="45%" cy="40%" r="65%"><stop offset="0" stop-color="#f0c6a8"/><stop offset=".7" stop-color="#d9a07c"/><stop offset="1" stop-color="#9a6548"/></radialGradient></defs>
  <ellipse cx="${cx}" cy="${cy - 0.25 * r}" rx="${1.02 * r}" ry="${1.2 * r}" fill="#2a1c14"/>
  <rect x="${cx - 0.38 * r}" y="${cy + 0.7 * r}" width="${0.76 * r}" height="${0.9 * r}" fill="#b47a58"/>
  <path d="M ${p(-1.9, 2.6)} Q ${p(-1.6, 1.3)} ${p(0, 1.35)} Q ${p(1.6, 1.3)} ${p(1.9, 2.6)} Z" fill="#34506e"/>
  <ellipse cx="${cx}" cy="${cy}" rx="${0.78 * r}" ry="${1.05 * r}" fill="url(#skin)"/>
  <path d="M ${p(-0.8, -0.25)} Q ${p(-0.7, -1.05)} ${p(0, -1.05)} Q ${p(0.7, -1.05)} ${p(0.8, -0.25)} Q ${p(0.55, -0.75)} ${p(0, -0.68)} Q ${p(-0.55, -0.75)} ${p(-0.8, -0.25)} Z" fill="#2a1c14"/>
  ${[-1, 1]
    .map(
      (side) => `
    <path d="M ${p(side * 0.14, -0.27)} Q ${p(side * 0.34, -0.4)} ${p(side * 0.55, -0.25)}" stroke="#3a261a" stroke-width="${0.075 * r}" fill="none"/>
    <ellipse cx="${cx + side * 0.33 * r}" cy="${cy - 0.1 * r}" rx="${0.2 * r}" ry="${0.12 * r}" fill="#a8704f"/>
    <ellipse cx="${cx + side * 0.33 * r}" cy="${cy - 0.09 * r}" rx="${0.16 * r}" ry="${0.08 * r}" fill="#f4efe9"/>
    <circle cx="${cx + side * 0.33 * r}" cy="${cy - 0.09 * r}" r="${0.078 * r}" fill="#3b2616"/>
    <path d="M ${p(side * 0.15, -0.1)} Q ${p(side * 0.33, -0.24)} ${p(side * 0.51, -0.09)}" stroke="#2a1a10" stroke-width="${0.045 * r}" fill="none"/>`,
    )
    .join('')}
  <path d="M ${p(-0.06, -0.05)} Q ${p(-0.1, 0.25)} ${p(-0.17, 0.34)} Q ${p(0, 0.45)} ${p(0.17, 0.34)} Q ${p(0.1, 0.25)} ${p(0.06, -0.05)} Z" fill="#c98d68"/>
  <path d="M ${p(-0.15, 0.35)} Q ${p(0, 0.45)} ${p(0.15, 0.35)}" stroke="#7d4a33" stroke-width="${0.045 * r}" fill="none"/>
  <path d="M ${p(-0.3, 0.6)} Q ${p(0, 0.52)} ${p(0.3, 0.6)} Q ${p(0, 0.82)} ${p(-0.3, 0.6)} Z" fill="#a8473f"/>
  <path d="M ${p(-0.28, 0.61)} Q ${p(0, 0.66)} ${p(0.28, 0.61)}" stroke="#5c211d" stroke-width="${0.03 * r}" fill="none"/>`;
}

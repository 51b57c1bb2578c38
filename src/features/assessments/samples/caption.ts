import sharp from 'sharp';

/** White words on a dark band, the lowest eighth of a picture: what people write over what they pass on. PNG. */
export async function captionFor({ width, height }: { width: number; height: number }): Promise<Buffer> {
  const band = Math.round(height * 0.12);
  const letters = Math.round(band * 0.55);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${band}"><rect width="100%" height="100%" fill="#101010"/><text x="50%" y="${Math.round(band * 0.7)}" font-family="sans-serif" font-size="${letters}" fill="#ffffff" text-anchor="middle">You have to see this</text></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

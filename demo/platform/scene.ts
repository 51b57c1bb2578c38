import sharp from 'sharp';

/** The template of the face-swap effect: a figure on a hill whose face is replaced. Pixels. */
export const sceneSize = { width: 480, height: 360 };
export const scenePlace = { left: 186, top: 72, width: 108, height: 140 };

export function drawScene(): Promise<Buffer> {
  const { width, height } = sceneSize;
  const { left, top, width: faceWidth, height: faceHeight } = scenePlace;
  const [x, y] = [left + faceWidth / 2, top + faceHeight / 2];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#9cc3d5"/><stop offset="1" stop-color="#f3e3c8"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    <circle cx="400" cy="70" r="30" fill="#fff3d0"/>
    <path d="M0 270 Q120 200 240 260 T480 240 V360 H0Z" fill="#7d9a72"/>
    <path d="M${x - 110} 360 Q${x - 100} 230 ${x} 222 Q${x + 100} 230 ${x + 110} 360Z" fill="#2f6f62"/>
    <rect x="${x - 18}" y="190" width="36" height="50" fill="#d8ae8d"/>
    <ellipse cx="${x}" cy="${y - 10}" rx="72" ry="84" fill="#3b2c25"/>
    <ellipse cx="${x}" cy="${y}" rx="${faceWidth / 2}" ry="${faceHeight / 2}" fill="#d8ae8d"/>
  </svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** An oval cut from the middle of a picture, as large as the face of the template. */
export async function cutFace(path: string, limitInputPixels: number): Promise<Buffer> {
  const { width, height } = scenePlace;
  const oval = `<svg width="${width}" height="${height}"><ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2}" ry="${height / 2}"/></svg>`;
  return sharp(path, { limitInputPixels })
    .autoOrient()
    .resize({ width, height, fit: 'cover' })
    .ensureAlpha()
    .composite([{ input: Buffer.from(oval), blend: 'dest-in' }])
    .png()
    .toBuffer();
}

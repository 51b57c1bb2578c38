import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readAlphaStealth } from './alpha-stealth.ts';
import { readDwtDct } from './dwt-dct.ts';

const data = '../shared/data/c2pa';

describe.runIf(existsSync(data))('photographs of others', () => {
  it('raise no alarm', async () => {
    let looked = 0;
    for (const folder of ['public-testfiles', 'c2pa-rs']) {
      for (const name of readdirSync(join(data, folder)).filter((of) => /\.(?:jpe?g|png|webp)$/.test(of))) {
        const { data: bytes, info } = await sharp(join(data, folder, name))
          .toColourspace('srgb')
          .raw()
          .toBuffer({ resolveWithObject: true });
        if (info.channels !== 3 && info.channels !== 4) continue;
        const pixels = { width: info.width, height: info.height, channels: info.channels, data: bytes };
        expect([...readDwtDct(pixels), ...readAlphaStealth(pixels)], name).toEqual([]);
        looked += 1;
      }
    }
    expect(looked).toBeGreaterThan(10);
  });
});

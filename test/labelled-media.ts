import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { zipOf } from './zip.ts';

/** One small file of every container that takes a label, made here; returns their names. */
export async function makeMedia(folder: string): Promise<string[]> {
  const at = (name: string) => join(folder, name);
  const picture = sharp({
    create: {
      width: 96,
      height: 64,
      channels: 3,
      background: '#9a7b4f',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
  for (const ending of ['jpg', 'png', 'webp', 'gif', 'tif', 'avif']) await picture.clone().toFile(at(`p.${ending}`));
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=25:d=1', '-f', 'lavfi', '-i', 'sine=f=440:d=1'];
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  for (const ending of ['mp4', 'mov', 'mkv', 'flv']) ffmpeg([...film, ...h264, at(`v.${ending}`)]);
  ffmpeg([...film, '-c:v', 'libvpx', '-c:a', 'libvorbis', at('v.webm')]);
  ffmpeg([...film, '-c:v', 'mpeg4', '-c:a', 'mp3', at('v.avi')]);
  const sound = ['-f', 'lavfi', '-i', 'sine=f=440:d=1'];
  for (const ending of ['wav', 'mp3', 'm4a', 'flac', 'ogg', 'opus']) ffmpeg([...sound, at(`a.${ending}`)]);
  writeFileSync(at('d.pdf'), plainPdf());
  writeFileSync(at('d.docx'), plainDocx());
  writeFileSync(at('d.md'), '# A page\n\nWords.\n');
  return [
    ...['p.jpg', 'p.png', 'p.webp', 'p.gif', 'p.tif', 'p.avif'],
    ...['v.mp4', 'v.mov', 'v.mkv', 'v.webm', 'v.avi', 'v.flv'],
    ...['a.wav', 'a.mp3', 'a.m4a', 'a.flac', 'a.ogg', 'a.opus', 'd.pdf', 'd.docx', 'd.md'],
  ];
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
}

/** One empty page, with a cross-reference table. */
function plainPdf(): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = text.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 4\n0000000000 65535 f \n${rows}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

function plainDocx(): Buffer {
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const packageNs = 'http://schemas.openxmlformats.org/package/2006';
  const officeNs = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  return zipOf({
    '[Content_Types].xml': `${xml}<Types xmlns="${packageNs}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${packageNs}/relationships"><Relationship Id="rId1" Type="${officeNs}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:body></w:document>`,
  });
}

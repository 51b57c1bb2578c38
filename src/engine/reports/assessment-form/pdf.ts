import { readFileSync } from 'node:fs';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { printable } from './printable.ts';
import { staysWhole } from './rows.ts';
import type { Sheet } from './sheet.ts';

/**
 * A sheet as PDF/A-2b with its fonts in it; the same sheet and date give the same bytes. Typst works on the calling thread.
 * The first call reads the fonts and takes about half a second more.
 */
export function drawPdf(sheet: Sheet, createdAt: string): Uint8Array {
  compiler ??= openCompiler();
  const creationTimestamp = Math.floor(Date.parse(createdAt) / 1000);
  // In one step: a compiled document handed to JavaScript holds tens of megabytes that the garbage collector knows nothing of.
  const pdf = compiler.pdf(
    { mainFileContent: template, inputs: { sheet: asJson(sheet) } },
    { pdfStandard: 'a-2b', creationTimestamp },
  );
  // Typst remembers what it laid out; a server that lives for months must not keep every report.
  compiler.evictCache(0);
  return pdf;
}

/** The pages as one picture, a page below the other, to be looked at in a browser. */
export function drawSvg(sheet: Sheet): string {
  compiler ??= openCompiler();
  const svg = compiler.svg({ mainFileContent: template, inputs: { sheet: asJson(sheet) } });
  compiler.evictCache(0);
  return svg;
}

function asJson(sheet: Sheet): string {
  const blocks = sheet.blocks.map((block) =>
    block.kind === 'table' ? { ...block, whole: block.rows.map((row) => staysWhole(row, block.columns)) } : block,
  );
  return JSON.stringify({ ...sheet, blocks }, (_, value) => (typeof value === 'string' ? printable(value) : value));
}

/** Nothing is ever compiled but the template, so one compiler serves all; what differs are the inputs. */
let compiler: NodeCompiler | null = null;
const template = readFileSync(new URL('./page.typ', import.meta.url), 'utf8');

function openCompiler(): NodeCompiler {
  const fontBlobs = ['400Regular/NotoSansSC_400Regular', '700Bold/NotoSansSC_700Bold'].map((name) =>
    readFileSync(new URL(import.meta.resolve(`@expo-google-fonts/noto-sans-sc/${name}.ttf`))),
  );
  // A workspace that does not exist: a template can read nothing outside its workspace.
  return NodeCompiler.create({ workspace: '/nonexistent', fontArgs: [{ fontBlobs }] });
}

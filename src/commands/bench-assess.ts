import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import pMap from 'p-map';
import sharp from 'sharp';
import { assessmentRecordSchema } from '../contract/assessment.ts';
import { renderDocx, renderPdf } from '../engine/reports/assessment-form/assessment-form.ts';
import { sampleForm } from '../engine/reports/assessment-form/sample.ts';
import type { BenchRow } from './bench-screen.ts';

const samples = 200;
/** As many at once as an assessment publishes. */
const sideBySide = 4;
const patienceMs = 60_000;

/** What an assessment costs: all probes over the sample platform beside a plain loop that only uploads, and a large report. */
export async function* benchAssess({
  root,
  note,
}: {
  root: string;
  note: (text: string) => void;
}): AsyncGenerator<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-bench-'));
  const platform = spawn(process.execPath, [join(root, 'demo/platform/main.ts'), '--port', '0', '--until-alone'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const url = await addressOf(platform);
    note(`plain upload of ${samples} pictures`);
    const plain = await secondsOf(() => uploadPlainly(url));
    note(`an assessment with ${samples} samples`);
    const out = join(folder, 'report');
    const spent = await secondsOf(() => assess(root, { folder, url, out }));
    const record = assessmentRecordSchema.parse(JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')));
    const hazards = record.hazards.filter(({ verified }) => verified).length;
    yield {
      name: `assess, ${record.samples.length} samples, ${record.probes.length} probes`,
      figure: `${spent.toFixed(0)} s, plain upload ${plain.toFixed(1)} s: ${(spent / plain).toFixed(1)} ×; ${hazards} hazards`,
      target: '180 s, 0 hazards',
      met: spent < 180 && hazards === 0,
      values: { seconds: spent, plainSeconds: plain, ratio: spent / plain, requests: record.requests, hazards },
    };
    note('a report of 100 requirements and 1,000 pieces of evidence');
    const filled = sampleForm({ requirements: 100, evidence: 1_000, probes: 10, hazards: 20 });
    await renderPdf(filled);
    for (const [name, render] of [
      ['PDF', renderPdf],
      ['DOCX', renderDocx],
    ] as const) {
      const seconds = await secondsOf(() => render(filled));
      yield {
        name: `report of 100 requirements, 1,000 evidence, ${name}`,
        figure: `${seconds.toFixed(2)} s`,
        target: '2 s',
        met: seconds < 2,
        values: { seconds },
      };
    }
  } finally {
    platform.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where it listens; throws when it ends before it says so. */
async function addressOf(platform: ChildProcessByStdio<Writable, Readable, null>): Promise<string> {
  const said = new AbortController();
  const ended = once(platform, 'exit', said).then(([code]) => {
    throw new Error(`the sample platform ended with ${code} before it listened`);
  });
  try {
    const [line] = await Promise.race([once(createInterface({ input: platform.stdout }), 'line', said), ended]);
    const url = /listens at (\S+)/.exec(String(line))?.[1];
    if (!url) throw new Error(`the sample platform said something else than where it listens: ${line}`);
    return url;
  } finally {
    said.abort();
    await ended.catch(() => {});
  }
}

/** What the service itself takes: uploads, waits, fetches every rendition, deletes; looks at nothing. */
async function uploadPlainly(url: string): Promise<void> {
  const headers = { authorization: 'Bearer sample-verified' };
  await pMap(
    Array.from({ length: samples }, (_, index) => index),
    async (index) => {
      const background = { r: index % 256, g: (index * 7) % 256, b: (index * 13) % 256 };
      const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background } })
        .jpeg()
        .toBuffer();
      const form = new FormData();
      form.append('declared', 'no');
      form.append('file', new File([Uint8Array.from(picture)], `${index}.jpg`, { type: 'image/jpeg' }));
      const made = await fetch(`${url}/api/media`, { method: 'POST', headers, body: form });
      const { id } = JSON.parse(await made.text());
      const item = `${url}/api/media/${id}`;
      for (const { url: path } of await readyRenditions(item, headers))
        await (await fetch(new URL(path, url))).arrayBuffer();
      await fetch(item, { method: 'DELETE', headers });
    },
    { concurrency: sideBySide },
  );
}

async function readyRenditions(item: string, headers: Record<string, string>): Promise<{ url: string }[]> {
  const lastAt = performance.now() + patienceMs;
  while (performance.now() < lastAt) {
    const { state, renditions } = JSON.parse(await (await fetch(item, { headers })).text());
    if (state === 'ready') return renditions;
    await wait(100);
  }
  throw new Error(`${item} was not ready within ${patienceMs / 1000} s`);
}

async function assess(root: string, { folder, url, out }: { folder: string; url: string; out: string }): Promise<void> {
  const shimmer = join(folder, 'shimmer');
  cpSync(join(root, 'demo/shimmer'), shimmer, { recursive: true });
  const file = join(shimmer, 'clearmirror.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:7411', url));
  const words = ['assess', file, '--service', 'shimmer-video', '--function', 'face-swap'];
  const child = spawn(
    join(root, 'clearmirror'),
    [
      ...words,
      '--rulebook',
      'cn-2018',
      'cn-2025-labelling',
      '--samples',
      String(samples),
      '--out',
      out,
      '--no-progress',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = await once(child, 'exit');
  // With hazards it ends with 10; how many there are is told in the figure.
  if (code !== 0 && code !== 10) throw new Error(`clearmirror assess ended with ${code}`);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

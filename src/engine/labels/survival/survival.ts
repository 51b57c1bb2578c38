import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { MediaFormat, Signal } from '../../../contract/screening.ts';
import type { Fate, FollowedLabel, Treated } from '../../../contract/survival.ts';
import { type ByteSource, descriptorSource } from '../../media/bytes.ts';
import { demuxerFor } from '../../media/decode.ts';
import { sniff } from '../../media/sniff.ts';
import type { Sniffed } from '../../media/sniffed.ts';
import { isCurrentLabel } from '../aigc/aigc.ts';
import { fieldsOf } from '../aigc/compose.ts';
import { findLabels } from '../aigc/find.ts';
import { readIptc } from '../iptc.ts';
import { readMetadata } from '../labels.ts';
import { openPicture, type Treatment, treatmentsFor } from './treatments.ts';

export interface SurvivalRequest {
  /** The labelled file, readable under that path, with an ending that fits its content. */
  path: string;
  sniffed: Sniffed;
  /** An empty folder for what comes out. */
  workFolder: string;
  /** Reads manifests and marks in a file. */
  readOthers: (file: ReadFile) => Promise<{ manifest: ManifestState; watermark: string | null }>;
  onTreated: (done: Treated, of: number) => void;
}

export interface ReadFile {
  source: ByteSource;
  sniffed: Sniffed;
  path: string;
}

export type ManifestState = 'none' | 'holds' | 'broken';

/** What a file says, as far as it is followed. */
interface Said {
  /** Each label's fields as JSON. */
  labels: string[];
  sourceTypes: string[];
  manifest: ManifestState;
  watermark: string | null;
}

/**
 * Runs a labelled file through the ladder of its kind and says which label survived what. Returns the labels that were followed: those
 * the file has. A treatment that a tool refuses for this file has no fates.
 */
export async function measureSurvival(request: SurvivalRequest): Promise<FollowedLabel[]> {
  const { path, sniffed, onTreated } = request;
  const before = await whatIsSaid(path, request);
  const followed = followedIn(before);
  const treatments = treatmentsFor(sniffed.format, sniffed.kind);
  for (const treatment of treatments) {
    const { id, command, ending } = treatment;
    const out = join(request.workFolder, `treated.${ending}`);
    rmSync(out, { force: true });
    const ran = await run(treatment, request, out);
    const after = ran ? await whatIsSaid(out, request) : null;
    onTreated(
      {
        id,
        command,
        format: after?.format ?? null,
        fates: after ? Object.fromEntries(followed.map((label) => [label, fateOf(label, before, after)])) : null,
      },
      treatments.length,
    );
    rmSync(out, { force: true });
  }
  return followed;
}

function followedIn({ labels, sourceTypes, manifest, watermark }: Said): FollowedLabel[] {
  return [
    ...(labels.length > 0 ? (['aigc'] as const) : []),
    ...(sourceTypes.length > 0 ? (['source-type'] as const) : []),
    ...(manifest === 'holds' ? (['manifest'] as const) : []),
    ...(watermark !== null ? (['watermark'] as const) : []),
  ];
}

function fateOf(label: FollowedLabel, before: Said, after: Said): Fate {
  switch (label) {
    case 'aigc':
      if (after.labels.length === 0) return 'lost';
      return JSON.stringify(after.labels) === JSON.stringify(before.labels) ? 'kept' : 'altered';
    case 'source-type':
      if (after.sourceTypes.length === 0) return 'lost';
      return after.sourceTypes.join() === before.sourceTypes.join() ? 'kept' : 'altered';
    case 'manifest':
      return after.manifest === 'holds' ? 'kept' : after.manifest === 'broken' ? 'broken' : 'lost';
    case 'watermark':
      if (after.watermark === null) return 'lost';
      return after.watermark === before.watermark ? 'kept' : 'altered';
  }
}

async function whatIsSaid(
  path: string,
  { readOthers }: SurvivalRequest,
): Promise<Said & { format: MediaFormat | null }> {
  const fd = openSync(path, 'r');
  try {
    const source = descriptorSource(fd);
    const sniffed = sniff(source);
    if (!sniffed) return { labels: [], sourceTypes: [], manifest: 'none', watermark: null, format: null };
    const metadata = await readMetadata(source, sniffed.format);
    const labels = findLabels(metadata)
      .filter(isCurrentLabel)
      .map(({ reading }) => JSON.stringify(reading.status === 'read' ? fieldsOf(reading.object) : null));
    const sourceTypes = readIptc(metadata)
      .map(termOf)
      .filter((term) => term !== '');
    return { labels, sourceTypes, format: sniffed.format, ...(await readOthers({ source, sniffed, path })) };
  } finally {
    closeSync(fd);
  }
}

function termOf({ params }: Signal): string {
  return String(params['term'] ?? '');
}

async function run({ run: how }: Treatment, request: SurvivalRequest, out: string): Promise<boolean> {
  const { path, sniffed } = request;
  if (how.tool === 'sharp') {
    try {
      const picture = openPicture(path);
      const { width, height } = await picture.metadata();
      await how.change(picture, { width, height }).toFile(out);
      return true;
    } catch {
      // A picture the library does not decode or encode: the treatment does not exist for it.
      return false;
    }
  }
  if (how.tool === 'exiftool') return succeeds('exiftool', ['-q', '-m', ...how.arguments, '-o', out, path]);
  // The demuxer is named by the content: a playlist would make ffmpeg open other files. Pictures have demuxers of their own.
  const demuxer = demuxerFor(sniffed.format, new Uint8Array(0)) ?? imageDemuxers[sniffed.format];
  if (!demuxer) return false;
  return succeeds('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', '-protocol_whitelist', 'file', '-f', demuxer, '-i', path],
    ...[...how.arguments, '-threads', '2', out],
  ]);
}

const imageDemuxers: { readonly [format in MediaFormat]?: string } = {
  jpeg: 'jpeg_pipe',
  png: 'png_pipe',
  webp: 'webp_pipe',
};

function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** Versions of the tools that treat files: a table without them means little. */
export async function survivalTools(): Promise<Record<string, string>> {
  const [ffmpeg, exiftool] = await Promise.all([firstLine('ffmpeg', ['-version']), firstLine('exiftool', ['-ver'])]);
  return {
    ffmpeg: /^ffmpeg version (\S+)/.exec(ffmpeg)?.[1]?.slice(0, 60) ?? 'missing',
    exiftool: exiftool.trim().slice(0, 20) || 'missing',
    sharp: sharp.versions.sharp ?? '',
  };
}

function firstLine(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('latin1')).slice(0, 1_000);
    });
    child.once('error', () => resolve(''));
    child.once('close', () => resolve(text.split('\n', 1)[0] ?? ''));
  });
}

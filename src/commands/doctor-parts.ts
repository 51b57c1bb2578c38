/**
 * One part of an installation as a person would ask about it. `missing`: it is not there or does not work at all;
 * `degraded`: screening goes on without some of its answers.
 */
export interface Part {
  id: string;
  state: 'ok' | 'degraded' | 'missing';
  /** True when screening cannot do without it. */
  needed: boolean;
  version: string | null;
  /** Stable code of the sentence that says what was seen, with its values; the words are `doctor.says.<code>`. */
  says: string;
  params: Record<string, string | number>;
  /** Stable code of what to do, `doctor.next.<code>`; null when there is nothing to do. */
  next: string | null;
}

export function describeNode(node: { version: string; pinned: boolean }): Part {
  const [major = 0, minor = 0] = node.version.split('.').map(Number);
  const runs = major > 24 || (major === 24 && minor >= 11);
  return {
    ...{ id: 'node', needed: true, version: node.version, params: {} },
    ...(runs
      ? { state: 'ok', says: node.pinned ? 'node-pinned' : 'node-system', next: null }
      : { state: 'missing', says: 'node-old', next: 'node' }),
  };
}

/** An npm package; `error` is why it does not load. */
export interface PackageProbe {
  id: 'c2pa' | 'sharp' | 'onnxruntime';
  version: string | null;
  /** Version of the library inside, where that matters: libvips. */
  inside: string | null;
  error: string | null;
}

export function describePackage(probe: PackageProbe): Part {
  const part = { id: probe.id, needed: true, version: probe.version };
  if (probe.error !== null) {
    return { ...part, state: 'missing', says: 'package-broken', params: { error: probe.error }, next: 'packages' };
  }
  return probe.inside === null
    ? { ...part, state: 'ok', says: 'package', params: {}, next: null }
    : { ...part, state: 'ok', says: 'package-with', params: { inside: probe.inside }, next: null };
}

/** What ffmpeg says about itself; each null when that program does not run. */
export interface FfmpegProbe {
  /** Output of `ffmpeg -version`. */
  version: string | null;
  /** Output of `ffprobe -version`. */
  ffprobe: string | null;
  /** Output of `ffmpeg -decoders` and `ffmpeg -muxers`. */
  decoders: string;
  muxers: string;
}

const wantedCodecs = ['h264', 'hevc', 'av1', 'vp9', 'aac', 'opus', 'mp3', 'flac'];

export function describeFfmpeg(probe: FfmpegProbe): Part {
  const version = /^ffmpeg version (\S+)/.exec(probe.version ?? '')?.[1] ?? null;
  const part = { id: 'ffmpeg', needed: true, version };
  if (version === null || probe.ffprobe === null) {
    return { ...part, state: 'missing', says: 'ffmpeg-absent', params: {}, next: 'ffmpeg' };
  }
  const known = codecsDecoded(probe.decoders);
  const lacking = wantedCodecs.filter((codec) => !known.has(codec));
  if (!/^\s*E\s+chromaprint\b/m.test(probe.muxers)) lacking.push('chromaprint');
  return lacking.length === 0
    ? { ...part, state: 'ok', says: 'ffmpeg', params: { codecs: wantedCodecs.join(' ') }, next: null }
    : {
        ...part,
        state: 'degraded',
        says: 'ffmpeg-lacking',
        params: { lacking: lacking.join(' ') },
        next: 'ffmpeg-full',
      };
}

/** A line of `ffmpeg -decoders` names a decoder and, when it is called otherwise, its codec: `A....D mp3float … (codec mp3)`. */
function codecsDecoded(listing: string): Set<string> {
  const codecs = new Set<string>();
  for (const [, name = '', rest = ''] of listing.matchAll(/^ [VAS][F.][S.][X.][B.][D.] (\S+)(.*)$/gm)) {
    codecs.add(/\(codec (\S+)\)/.exec(rest)?.[1] ?? name);
  }
  return codecs;
}

/** What the box says of itself. */
export interface BoxProbe {
  bwrapVersion: string | null;
  isolation: 'sandboxed' | 'limits-only';
  reason: string | null;
  /** What CLEARMIRROR_BOX asks for. */
  wanted: 'auto' | 'limits';
}

export function describeBox(probe: BoxProbe): Part {
  const part = { id: 'box', version: probe.bwrapVersion, params: {} };
  if (probe.wanted === 'limits') {
    return { ...part, needed: false, state: 'degraded', says: 'box-limits-wanted', next: 'box-wanted' };
  }
  if (probe.isolation === 'sandboxed') return { ...part, needed: true, state: 'ok', says: 'box', next: null };
  if (probe.bwrapVersion === null) {
    return { ...part, needed: true, state: 'missing', says: 'box-absent', next: 'box-absent' };
  }
  const params = { reason: probe.reason ?? '' };
  return { ...part, params, needed: true, state: 'degraded', says: 'box-limits-only', next: 'box-namespaces' };
}

/** Detectors by id, those that hold and those that do not. */
export interface ModelsProbe {
  sound: { id: string; version: string }[];
  broken: { id: string; reason: string }[];
}

export function describeModels({ sound, broken }: ModelsProbe): Part[] {
  const part = { id: 'models', needed: false, version: null };
  const damaged = broken.map(
    ({ id, reason }): Part => ({
      ...part,
      state: 'degraded',
      says: 'model-broken',
      params: { id, reason },
      next: 'model',
    }),
  );
  if (sound.length === 0) {
    return [{ ...part, state: 'degraded', says: 'models-none', params: {}, next: 'models' }, ...damaged];
  }
  const names = sound.map(({ id, version }) => `${id} ${version}`).join(', ');
  return [{ ...part, state: 'ok', says: 'models', params: { names }, next: null }, ...damaged];
}

/** `files`: fonts with Chinese glyphs that were found, by name. */
export function describeFonts(files: readonly string[]): Part {
  const [first] = files;
  const part = { id: 'fonts', needed: false, version: null };
  return first === undefined
    ? { ...part, state: 'degraded', says: 'fonts-none', params: {}, next: 'fonts' }
    : { ...part, state: 'ok', says: 'fonts', params: { font: first }, next: null };
}

/** What labelling uses beside the parts above, each with the Debian packages that bring it. */
export const labelTools = [
  { program: 'tesseract', packages: 'tesseract-ocr tesseract-ocr-chi-sim' },
  { program: 'espeak-ng', packages: 'espeak-ng' },
  { program: 'exiftool', packages: 'libimage-exiftool-perl' },
  { program: 'pkcs11-tool', packages: 'opensc' },
] as const;

/** `found` names those of `labelTools` that are on this machine. */
export function describeLabelTools(found: readonly string[]): Part {
  const part = { id: 'label-tools', needed: false, version: null };
  const lacking = labelTools.filter(({ program }) => !found.includes(program));
  if (lacking.length === 0)
    return { ...part, state: 'ok', says: 'label-tools', params: { found: found.join(' ') }, next: null };
  const params = {
    lacking: lacking.map(({ program }) => program).join(' '),
    packages: lacking.map(({ packages }) => packages).join(' '),
  };
  return { ...part, state: 'degraded', says: 'label-tools-lacking', params, next: 'label-tools' };
}

/** What opens the pages of a service under test. `version` as the program says it; null where there is none. */
export function describeBrowser(version: string | null): Part {
  const part = { id: 'browser', needed: false };
  const said = version === null ? null : (/\d+(\.\d+)+/.exec(version)?.[0] ?? version);
  return said === null
    ? { ...part, version: null, state: 'degraded', says: 'browser-none', params: {}, next: 'browser' }
    : { ...part, version: said, state: 'ok', says: 'browser', params: {}, next: null };
}

/** Installed trust lists, those that hold and those that do not. */
export interface TrustProbe {
  /** `updatedAt` is ISO 8601. */
  sound: { id: string; version: string; certificates: number; updatedAt: string }[];
  broken: { id: string; reason: string }[];
}

/** Signers come and go: a list that old may call a good one unknown, or a withdrawn one good. */
const staleDays = 90;

/** `now` is epoch milliseconds. */
export function describeTrust({ sound, broken }: TrustProbe, now: number): Part[] {
  if (sound.length + broken.length === 0) {
    const part = { id: 'trust', needed: false, version: null, params: {} };
    return [{ ...part, state: 'degraded', says: 'trust-none', next: 'trust' }];
  }
  return [
    ...sound.map(({ id, version, certificates, updatedAt }): Part => {
      const days = Math.max(0, Math.floor((now - Date.parse(updatedAt)) / 86_400_000));
      const part = { id: 'trust', needed: false, version, says: 'trust', params: { id, count: certificates, days } };
      return days > staleDays ? { ...part, state: 'degraded', next: 'trust' } : { ...part, state: 'ok', next: null };
    }),
    // Screening refuses to start beside a damaged list: it would call signers unlisted whom somebody trusts.
    ...broken.map(({ id, reason }): Part => {
      const part = { id: 'trust', needed: true, version: null, says: 'trust-broken', params: { id, reason } };
      return { ...part, state: 'missing', next: 'trust-broken' };
    }),
  ];
}

/** `writable` is about the folder, or about the nearest parent that exists when it is not there yet. */
export function describeDataFolder(folder: { path: string; exists: boolean; writable: boolean }): Part {
  const part = { id: 'data', needed: false, version: null, params: { path: folder.path } };
  if (!folder.writable) return { ...part, state: 'degraded', says: 'data-read-only', next: 'data' };
  return { ...part, state: 'ok', says: folder.exists ? 'data' : 'data-new', next: null };
}

/** Bytes free where installed data and where temporary files go; null when unknown. */
export function describeDisk(free: { data: number | null; temporary: number | null }): Part {
  const known = [free.data, free.temporary].filter((bytes) => bytes !== null);
  const least = Math.min(...known);
  const part = { id: 'disk', needed: false, version: null };
  if (known.length === 0) return { ...part, state: 'degraded', says: 'disk-unknown', params: {}, next: null };
  const params = { size: least >= 1e9 ? `${(least / 1e9).toFixed(1)} GB` : `${Math.floor(least / 1e6)} MB` };
  return least < 500e6
    ? { ...part, state: 'degraded', says: 'disk-low', params, next: 'disk' }
    : { ...part, state: 'ok', says: 'disk', params, next: null };
}

/** `installedAt` is the age of our own files: no honest clock stands before it. Both epoch milliseconds. */
export function describeClock(clock: { now: number; installedAt: number; timeZone: string }): Part {
  const params = { now: new Date(clock.now).toISOString(), timeZone: clock.timeZone };
  const part = { id: 'clock', needed: false, version: null, params };
  return clock.now < clock.installedAt - 86_400_000
    ? { ...part, state: 'degraded', says: 'clock-behind', next: 'clock' }
    : { ...part, state: 'ok', says: 'clock', next: null };
}

/** True when nothing is missing that screening needs. */
export function canScreen(parts: readonly Part[]): boolean {
  return !parts.some((part) => part.needed && part.state === 'missing');
}

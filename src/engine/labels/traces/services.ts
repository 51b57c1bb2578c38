import type { Fact } from './facts.ts';
import type { Recogniser, Trace } from './trace.ts';
import { evidenceOf, isObject, type JsonObject, numberOf, parseObject, shown, uuidPattern } from './values.ts';

/**
 * Midjourney's web site writes PNG text `Description` = prompt, options and `Job ID: <uuid>`, `Author` = user name, and XMP with
 * DigImageGUID = the same id. The id at the end is what makes it Midjourney's; options alone are prose that anyone may quote.
 * (seen with exiftool by users: "example --ar 2:1 --stylize 80 --v 6 Job ID: a7421d2f-…")
 */
export const recogniseMidjourney: Recogniser = (facts) =>
  facts.flatMap((fact) => {
    if (fact.field !== 'description') return [];
    const end = fact.value.slice(-400);
    const job = /(?:^|\s)Job ID: ([0-9a-f-]{36})\s*$/i.exec(end)?.[1];
    if (job === undefined || !uuidPattern.test(job)) return [];
    const prompt = fact.value.slice(0, fact.value.lastIndexOf('Job ID: '));
    const options = prompt.slice(-2_000);
    const guid = facts.some((of) => of.key === 'Iptc4xmpExt:DigImageGUID' && of.value.trim() === job);
    return [
      {
        method: 'trace.midjourney',
        claim: 'ai-generated',
        strength: 'strong',
        tool: 'Midjourney',
        place: fact.place,
        evidence: evidenceOf({
          version: shown(/\s--v ([\d.]{1,8})(?:\s|$)/.exec(options)?.[1]),
          niji: shown(/\s--niji ([\d.]{1,8})(?:\s|$)/.exec(options)?.[1]),
          aspect: shown(/\s--ar (\d{1,4}:\d{1,4})(?:\s|$)/.exec(options)?.[1]),
          jobId: job,
          imageGuidMatches: guid ? true : null,
          promptLength: prompt.replace(/\s--[a-z]+\b.*$/s, '').trim().length,
        }),
        carriers: [fact.carrier],
      } satisfies Trace,
    ];
  });

/**
 * Grok (xAI): the caption is `Signature: <base64>` and the author is a UUID, nothing else. Both are needed: the signature cannot be
 * verified without xAI's key. Pairs in EXIF, IPTC, PNG text, or in one XMP packet. (remove-ai-watermarks docs, three files seen)
 */
export const recogniseGrok: Recogniser = (facts) =>
  facts.flatMap((fact) => {
    if (fact.field !== 'description' && fact.field !== 'comment') return [];
    const signature = /^Signature: ([A-Za-z0-9+/]{64,4096}={0,2})$/.exec(fact.value.trim())?.[1];
    if (signature === undefined) return [];
    const author = facts.find(
      (of) =>
        of.field === 'author' &&
        uuidPattern.test(of.value.trim()) &&
        (of.carrier === fact.carrier || (!inXmp(of) && of.place.location === fact.place.location)),
    );
    if (!author) return [];
    return [
      {
        method: 'trace.grok',
        claim: 'ai-generated',
        strength: 'strong',
        tool: 'Grok (xAI)',
        place: fact.place,
        evidence: { imageId: author.value.trim(), signatureLength: signature.length },
        carriers: [fact.carrier, author.carrier],
      } satisfies Trace,
    ];
  });

/**
 * Suno: comment `made with suno; created=<time>; id=<uuid>` (also `made with suno studio`) in ID3, Vorbis and RIFF tags.
 * (several public projects read it back from downloads)
 */
export const recogniseSuno: Recogniser = (facts) => {
  const found = facts.flatMap((fact) => {
    const match = /^made with suno( studio)?;\s*created=([\dTZ:.+-]{8,40});\s*id=([0-9a-f-]{36})\s*$/i.exec(
      fact.value.slice(0, 300).trim(),
    );
    if (!match || !uuidPattern.test(match[3] ?? '')) return [];
    return [
      {
        method: 'trace.suno',
        claim: 'ai-generated',
        strength: 'strong',
        tool: match[1] ? 'Suno Studio' : 'Suno',
        place: fact.place,
        evidence: evidenceOf({ created: match[2], songId: match[3] }),
        carriers: [fact.carrier],
      } satisfies Trace,
    ];
  });
  // The same sentence stands in ID3 and RIFF of one file.
  return found.slice(0, 1);
};

/**
 * ByteDance's apps write JSON into captions and comments: `product` with `exportType` (Dreamina / 即梦), and `aigc_label_type` or
 * `aigc_type`, by which TikTok and Douyin mark generated posts: 1 and 2 are labels, 0 is none.
 * (public readers of these files: TikTok `AigcInfo`, Dreamina `product`; the label under GB 45438 is read elsewhere)
 */
export const recogniseBytedance: Recogniser = (facts) => {
  const traces: Trace[] = [];
  for (const fact of facts) {
    if (!/"(?:product|aigc_label_type|aigcLabelType|aigc_type)"/.test(fact.value)) continue;
    const value = parseObject(fact.value);
    if (!value) continue;
    const exported = exportOf(value, fact);
    if (exported) traces.push(exported);
    const label = labelType(value);
    if (label === 1 || label === 2) {
      traces.push({
        method: 'trace.bytedance',
        code: 'trace-bytedance-label',
        claim: 'ai-generated',
        strength: 'some',
        tool: 'TikTok / Douyin',
        place: fact.place,
        evidence: { labelType: label },
        carriers: [fact.carrier],
      });
    }
  }
  return traces;
};

/** Only these export types are generation; `retouch` and edits by the same apps are not. */
function exportOf(value: JsonObject, fact: Fact): Trace | null {
  const product = shown(value['product'])?.toLowerCase();
  if (product === undefined || !/^(?:dreamina|jimeng|即梦)$/.test(product)) return null;
  const type = shown(value['exportType'])?.toLowerCase();
  if (type !== 'generation') return null;
  return {
    method: 'trace.bytedance',
    code: 'trace-bytedance',
    claim: 'ai-generated',
    strength: 'strong',
    tool: 'Dreamina / 即梦',
    place: fact.place,
    evidence: { product, exportType: type },
    carriers: [fact.carrier],
  };
}

/** The label may lie a few levels down, there again as JSON in a string. */
function labelType(value: JsonObject): number | null {
  const open: JsonObject[] = [value];
  for (let visited = 0; visited < maxVisited; visited += 1) {
    const next = open.shift();
    if (!next) return null;
    for (const key of ['aigc_label_type', 'aigcLabelType', 'aigc_type']) {
      const number = numberOf(next[key]);
      if (number !== null) return number;
    }
    for (const child of Object.values(next).slice(0, maxVisited)) {
      const inner = typeof child === 'string' && child.includes('aigc') ? parseObject(child) : child;
      if (isObject(inner) && open.length < maxVisited) open.push(inner);
    }
  }
  return null;
}

const maxVisited = 100;

function inXmp(fact: Fact): boolean {
  return fact.place.location.endsWith('.xmp');
}

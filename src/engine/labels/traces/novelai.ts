import type { Fact } from './facts.ts';
import type { Recogniser, Trace } from './trace.ts';
import { evidenceOf, type JsonObject, lengthOf, numberOf, parseObject, shown, sizeOf } from './values.ts';

/**
 * NovelAI: PNG text `Software` = NovelAI, `Source` = the model, `Comment` = JSON of the settings with a `signed_hash`; WebP keeps
 * the same fields as one JSON object in EXIF. The signature is noted, not verified: it covers the pixels.
 * (NovelAI/novelai-image-metadata nai_meta.py, nai_sig.py)
 */
export const recogniseNovelai: Recogniser = (facts) => {
  const traces: Trace[] = [];
  for (const fact of facts) {
    const value = fact.value.includes('"') ? parseObject(fact.value) : null;
    if (!value) continue;
    const inside = typeof value['Comment'] === 'string' ? parseObject(value['Comment']) : null;
    const settings = inside ?? value;
    if (!isNovelaiSettings(settings)) continue;
    // Other fields belong to this comment only when they are its neighbours, as text chunks of a PNG are.
    const neighbours = inside ? [] : facts.filter((of) => isNovelaiField(of));
    // Other tools use the same names for their settings: the signature or a neighbour has to name NovelAI.
    const named = shown(value['Software']) === 'NovelAI' || neighbours.length > 0 || 'signed_hash' in settings;
    if (!named) continue;
    const source = shown(value['Source'] ?? neighbours.find((of) => of.field === 'source')?.value);
    traces.push({
      method: 'trace.novelai',
      claim: 'ai-generated',
      strength: 'strong',
      tool: 'NovelAI',
      place: fact.place,
      evidence: novelaiEvidence(settings, source),
      carriers: [fact.carrier, ...neighbours.map((of) => of.carrier)],
    });
  }
  return traces;
};

/** At least three settings under the names that NovelAI gives them. */
function isNovelaiSettings(settings: JsonObject): boolean {
  if (numberOf(settings['steps']) === null) return false;
  const others = ['sampler', 'seed', 'scale', 'uc', 'request_type', 'signed_hash', 'v4_prompt', 'noise_schedule'];
  return others.filter((key) => key in settings).length >= 3;
}

function novelaiEvidence(settings: JsonObject, source: string | null): Trace['evidence'] {
  const request = shown(settings['request_type']);
  return evidenceOf({
    model: source,
    request,
    fromImage: request !== null && /img2img|inpaint/i.test(request) ? true : null,
    steps: numberOf(settings['steps']),
    sampler: shown(settings['sampler']),
    scale: numberOf(settings['scale']),
    seed: shown(settings['seed']),
    size: sizeOf(settings['width'], settings['height']),
    signedHash: typeof settings['signed_hash'] === 'string',
    promptLength: lengthOf(settings['prompt']),
  });
}

function isNovelaiField(fact: Fact): boolean {
  const value = fact.value.trim();
  if (fact.field === 'software') return value === 'NovelAI';
  if (fact.field === 'source') return /^NovelAI |^Stable Diffusion(?: XL)? [0-9A-F]{8}$/.test(value);
  return fact.field === 'title' && /^(?:NovelAI|AI) generated image$/i.test(value);
}

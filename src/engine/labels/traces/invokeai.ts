import type { Recogniser, Trace } from './trace.ts';
import {
  evidenceOf,
  fileName,
  isObject,
  type JsonObject,
  lengthOf,
  numberOf,
  parseObject,
  shown,
  sizeOf,
} from './values.ts';

/**
 * InvokeAI: `invokeai_metadata` (JSON; since 3.0), `sd-metadata` (JSON; 2.x), `Dream` (the command line; 1.x and 2.x), with
 * `invokeai_graph` and `invokeai_workflow` beside. All of them are one trace, with the evidence of the first.
 * (invoke-ai/InvokeAI docs and ldm/invoke/pngwriter.py)
 */
export const recogniseInvokeai: Recogniser = (facts) => {
  const found = facts.flatMap((fact) => {
    const evidence = readers.get(fact.key.toLowerCase())?.(fact.value) ?? null;
    return evidence ? [{ fact, evidence }] : [];
  });
  const first = found[0];
  if (!first) return [];
  return [
    {
      method: 'trace.invokeai',
      claim: 'ai-generated',
      strength: 'strong',
      tool: 'InvokeAI',
      place: first.fact.place,
      evidence: first.evidence,
      carriers: found.map(({ fact }) => fact.carrier),
    },
  ];
};

type Evidence = Trace['evidence'];

const readers = new Map<string, (text: string) => Evidence | null>([
  ['invokeai_metadata', (text) => settingsEvidence(parseObject(text))],
  ['sd-metadata', (text) => olderEvidence(parseObject(text))],
  ['dream', dreamEvidence],
  ['invokeai_graph', (text) => graphEvidence(parseObject(text))],
  ['invokeai_workflow', (text) => graphEvidence(parseObject(text))],
]);

function settingsEvidence(value: JsonObject | null): Evidence | null {
  if (!value || !('generation_mode' in value || ('model' in value && 'steps' in value))) return null;
  const model = value['model'];
  const mode = shown(value['generation_mode']);
  return evidenceOf({
    version: shown(value['app_version']),
    mode,
    fromImage: mode !== null && /img2img|inpaint|outpaint/.test(mode) ? true : null,
    model: fileName(isObject(model) ? (model['model_name'] ?? model['name']) : model),
    modelHash: isObject(model) ? shown(model['hash']) : null,
    steps: numberOf(value['steps']),
    scheduler: shown(value['scheduler']),
    cfgScale: numberOf(value['cfg_scale']),
    seed: shown(value['seed']),
    size: sizeOf(value['width'], value['height']),
    promptLength: lengthOf(value['positive_prompt']),
  });
}

function olderEvidence(value: JsonObject | null): Evidence | null {
  if (!value || !isObject(value['image'])) return null;
  if (!('model' in value || 'model_weights' in value || 'app_id' in value)) return null;
  const image = value['image'];
  return evidenceOf({
    version: shown(value['app_version']),
    model: fileName(value['model_weights'] ?? value['model']),
    modelHash: shown(value['model_hash']),
    mode: shown(image['type']),
    steps: numberOf(image['steps']),
    sampler: shown(image['sampler']),
    cfgScale: numberOf(image['cfg_scale']),
    seed: shown(image['seed']),
  });
}

/** `"a prompt" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms` */
function dreamEvidence(text: string): Evidence | null {
  const options = text.slice(Math.max(0, text.length - 2_000));
  const option = (letter: string): number | null =>
    numberOf(new RegExp(` -${letter} ?(\\d{1,15}(?:\\.\\d{1,6})?)\\b`).exec(options)?.[1]);
  const [steps, seed, width, height] = [option('s'), option('S'), option('W'), option('H')];
  if (steps === null || seed === null) return null;
  return evidenceOf({
    steps,
    seed: String(seed),
    cfgScale: option('C'),
    size: sizeOf(width, height),
    sampler: shown(/ -A ?([a-z_0-9+]{1,30})\b/.exec(options)?.[1]),
    promptLength: lengthOf(/^"((?:[^"\\]|\\.)*)"/.exec(text.slice(0, 20_000))?.[1]),
  });
}

function graphEvidence(value: JsonObject | null): Evidence | null {
  const nodes = value?.['nodes'];
  if (!Array.isArray(nodes) && !isObject(nodes)) return null;
  return { nodes: Object.keys(nodes).length };
}

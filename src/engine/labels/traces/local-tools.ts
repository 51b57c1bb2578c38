import type { Fact } from './facts.ts';
import { parseInfotext } from './sd-webui.ts';
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
 * Fooocus: JSON under `parameters` (PNG) or in EXIF UserComment, tagged `fooocus_scheme` or in the EXIF maker note.
 * Its other scheme is WebUI infotext. (lllyasviel/Fooocus modules/meta_parser.py)
 */
export const recogniseFooocus: Recogniser = (facts) =>
  objectsWith(facts, '"base_model"').flatMap(({ fact, value }) => {
    const version = shown(value['version']);
    const named = version !== null && /^fooocus/i.test(version);
    const shaped = 'performance' in value && ('sharpness' in value || 'full_prompt' in value);
    if (!named && !shaped) return [];
    const evidence = evidenceOf({
      version,
      model: fileName(value['base_model']),
      modelHash: shown(value['base_model_hash']),
      performance: shown(value['performance']),
      steps: numberOf(value['steps']),
      sampler: shown(value['sampler']),
      scheduler: shown(value['scheduler']),
      guidanceScale: numberOf(value['guidance_scale']),
      seed: shown(value['seed']),
      size: shown(value['resolution']),
      promptLength: lengthOf(value['prompt']),
    });
    return [trace('trace.fooocus', 'Fooocus', fact, evidence)];
  });

/** SwarmUI: JSON with `sui_image_params` under `parameters` or in EXIF UserComment. (mcmonkeyprojects/SwarmUI, GetSUIMetadata) */
export const recogniseSwarmui: Recogniser = (facts) =>
  objectsWith(facts, '"sui_image_params"').flatMap(({ fact, value }) => {
    const settings = value['sui_image_params'];
    if (!isObject(settings)) return [];
    const evidence = evidenceOf({
      version: shown(settings['swarm_version']),
      model: fileName(settings['model']),
      steps: numberOf(settings['steps']),
      sampler: shown(settings['sampler'] ?? settings['comfyuisampler']),
      cfgScale: numberOf(settings['cfgscale']),
      seed: shown(settings['seed']),
      size: sizeOf(settings['width'], settings['height']),
      fromImage: 'initimage' in settings ? true : null,
      promptLength: lengthOf(settings['prompt']),
    });
    return [trace('trace.swarmui', 'SwarmUI', fact, evidence)];
  });

/**
 * Draw Things: an XMP packet with CreatorTool `Draw Things`, the settings as JSON in exif:UserComment (`c` prompt, `uc` negative
 * prompt, `model`, `sampler`, `steps`, `scale`, `seed`, `size`) and as infotext in dc:description.
 */
export const recogniseDrawThings: Recogniser = (facts) =>
  facts.flatMap((fact) => {
    if (fact.field !== 'software' || !/^Draw Things\b/.test(fact.value.trim())) return [];
    const same = facts.filter((of) => of.carrier === fact.carrier);
    const value = same.map((of) => (of.field === 'comment' ? parseObject(of.value) : null)).find((of) => of !== null);
    const described = same.some((of) => parseInfotext(of.value) !== null);
    const structured = value !== undefined && 'model' in value && 'steps' in value;
    const found = trace(
      'trace.draw-things',
      'Draw Things',
      fact,
      evidenceOf({
        version: shown(fact.value),
        model: fileName(value?.['model']),
        steps: numberOf(value?.['steps']),
        sampler: shown(value?.['sampler']),
        scale: numberOf(value?.['scale']),
        seed: shown(value?.['seed']),
        size: shown(value?.['size']),
        promptLength: lengthOf(value?.['c']),
      }),
    );
    return [structured || described ? found : { ...found, strength: 'some' as const }];
  });

function trace(method: string, tool: string, fact: Fact, evidence: Trace['evidence']): Trace {
  return {
    method,
    claim: 'ai-generated',
    strength: 'strong',
    tool,
    place: fact.place,
    evidence,
    carriers: [fact.carrier],
  };
}

function objectsWith(facts: readonly Fact[], mark: string): { fact: Fact; value: JsonObject }[] {
  return facts.flatMap((fact) => {
    const value = fact.value.includes(mark) ? parseObject(fact.value) : null;
    return value ? [{ fact, value }] : [];
  });
}

import type { Fact } from './facts.ts';
import { parseInfotext } from './sd-webui.ts';
import type { Recogniser, Trace } from './trace.ts';
import { evidenceOf, fileName, isObject, type JsonObject, lengthOf, numberOf, parseObject, shown } from './values.ts';

/**
 * InvokeAI: `invokeai_metadata` (JSON; since 3.0), `sd-metadata` (JSON; 2.x), `Dream` (the command line; 1.x and 2.x), with
 * `invokeai_graph` and `invokeai_workflow` beside. (invoke-ai/InvokeAI docs and ldm/invoke/pngwriter.py)
 */
export const recogniseInvokeai: Recogniser = (facts) => {
  const traces: Trace[] = [];
  for (const fact of facts) {
    const key = fact.key.toLowerCase();
    const evidence =
      key === 'invokeai_metadata'
        ? invokeEvidence(parseObject(fact.value))
        : key === 'sd-metadata'
          ? legacyInvokeEvidence(parseObject(fact.value))
          : key === 'dream'
            ? dreamEvidence(fact.value)
            : key === 'invokeai_graph' || key === 'invokeai_workflow'
              ? graphEvidence(parseObject(fact.value))
              : null;
    if (evidence) traces.push(trace('trace.invokeai', 'InvokeAI', fact, evidence));
  }
  const carriers = traces.flatMap((of) => of.carriers);
  return traces.slice(0, 1).map((of) => ({ ...of, carriers }));
};

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
    const width = numberOf(settings['width']);
    const height = numberOf(settings['height']);
    const evidence = evidenceOf({
      version: shown(settings['swarm_version']),
      model: fileName(settings['model']),
      steps: numberOf(settings['steps']),
      sampler: shown(settings['sampler'] ?? settings['comfyuisampler']),
      cfgScale: numberOf(settings['cfgscale']),
      seed: shown(settings['seed']),
      size: width !== null && height !== null ? `${width}x${height}` : null,
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

function invokeEvidence(value: JsonObject | null): Trace['evidence'] | null {
  if (!value || !('generation_mode' in value || ('model' in value && 'steps' in value))) return null;
  const model = value['model'];
  const width = numberOf(value['width']);
  const height = numberOf(value['height']);
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
    size: width !== null && height !== null ? `${width}x${height}` : null,
    promptLength: lengthOf(value['positive_prompt']),
  });
}

function legacyInvokeEvidence(value: JsonObject | null): Trace['evidence'] | null {
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
function dreamEvidence(text: string): Trace['evidence'] | null {
  const options = text.slice(Math.max(0, text.length - 2_000));
  const option = (letter: string): number | null =>
    numberOf(new RegExp(` -${letter} ?(\\d{1,15}(?:\\.\\d{1,6})?)\\b`).exec(options)?.[1]);
  const [steps, seed, width, height] = [option('s'), option('S'), option('W'), option('H')];
  if (steps === null || seed === null) return null;
  return evidenceOf({
    steps,
    seed: String(seed),
    cfgScale: option('C'),
    size: width !== null && height !== null ? `${width}x${height}` : null,
    sampler: shown(/ -A ?([a-z_0-9+]{1,30})\b/.exec(options)?.[1]),
    promptLength: lengthOf(/^"((?:[^"\\]|\\.)*)"/.exec(text.slice(0, 20_000))?.[1]),
  });
}

function graphEvidence(value: JsonObject | null): Trace['evidence'] | null {
  const nodes = value?.['nodes'];
  if (!Array.isArray(nodes) && !isObject(nodes)) return null;
  return { nodes: Object.keys(nodes).length };
}

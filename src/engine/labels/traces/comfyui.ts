import type { Fact } from './facts.ts';
import type { Recogniser } from './trace.ts';
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
 * ComfyUI's graphs: `prompt` (what was executed: node id → class_type and inputs) and `workflow` (the canvas: nodes and links), as
 * PNG or FLAC text, in EXIF Make, Model or ImageDescription behind `prompt:` and `workflow:` (WebP), or together as JSON in a
 * comment tag of videos (VideoHelperSuite) or under their own keys (SaveVideo, SaveWEBM, SaveAudio). A graph without any node that
 * paints, films or speaks may be mere image processing and is reported as possible only.
 * (comfyanonymous/ComfyUI comfy_api/latest/_ui.py; Kosinkadink/ComfyUI-VideoHelperSuite videohelpersuite/nodes.py)
 */
export const recogniseComfyui: Recogniser = (facts) => {
  const graphs = facts.flatMap(graphsIn);
  const first = graphs[0];
  if (!first) return [];
  const nodes = graphs.flatMap((graph) => graph.nodes);
  const types = [...new Set(nodes.map((node) => node.type))].sort();
  const generating = types.filter(isGenerating);
  const inputs = nodes.map((node) => node.inputs);
  const input = (...names: string[]): unknown => firstValue(inputs, names);
  const denoise = numberOf(input('denoise'));
  const promptLength = inputs.reduce((sum, of) => sum + (lengthOf(of['text']) ?? lengthOf(of['prompt']) ?? 0), 0);
  return [
    {
      method: 'trace.comfyui',
      code: generating.length > 0 ? 'trace-comfyui' : 'trace-comfyui-processing',
      claim: generating.length > 0 ? 'ai-generated' : 'ai-possible',
      strength: generating.length > 0 ? 'strong' : 'some',
      tool: 'ComfyUI',
      place: first.fact.place,
      evidence: evidenceOf({
        graphs: [...new Set(graphs.map((graph) => graph.form))].sort(),
        nodes: Math.max(...graphs.map((graph) => graph.nodes.length)),
        nodeTypes: [...generating, ...types.filter((type) => !generating.includes(type))].slice(0, 20),
        sampler: shown(input('sampler_name')),
        scheduler: shown(input('scheduler')),
        steps: numberOf(input('steps')),
        cfgScale: numberOf(input('cfg')),
        seed: shown(input('seed', 'noise_seed')),
        denoise,
        fromImage: denoise !== null && denoise < 1 && types.some((type) => /^LoadImage/.test(type)) ? true : null,
        models: modelNames(inputs),
        size: sizeOf(input('width', 'empty_latent_width'), input('height', 'empty_latent_height')),
        promptLength: promptLength > 0 ? promptLength : null,
      }),
      carriers: [...new Set(graphs.map((graph) => graph.fact.carrier))],
    },
  ];
};

/** Samplers, and the nodes that call a generator elsewhere. Loaders, savers and filters say nothing about how a picture came to be. */
function isGenerating(type: string): boolean {
  return generatingStep.test(type) || generatorName.test(type) || generatorStart.test(type);
}

/** Not upsamplers, downsamplers and resamplers; not generators of masks, noise and seeds. */
const generatingStep =
  /(?<!re|up|down)sampler|text.?to.?(?:image|video|speech|audio|music)|image.?to.?video|txt2|text2|img2(?:img|vid)|(?:image|video|audio|music|speech).?generat|generate.?(?:image|video|audio|music|speech)|tts\b|voice.?clone|dall-?e|gptimage|faceswap|musicgen|stableaudio(?!.*(?:load|condition))/i;
/** As part of a name in capitals and small letters: `ImageNormalize` is no Imagen, `RemoveObject` no Veo, `LumaMask` no Luma. */
const generatorName =
  /(?:Gemini(?:Node|Image)|Imagen|Ideogram|Recraft|Kling|Mini[Mm]ax|Hailuo|Veo|Sora|Runway|Luma(?:Image|Video)|Pika|Pix[Vv]erse|Vidu|Seedream|Seedance|ReActor)(?![a-z])/;
const generatorStart =
  /(?:^|[^a-z])(?:imagen[\d_-]|(?:ideogram|recraft|kling|minimax|hailuo|veo|sora|runway|pika|pixverse|vidu|seedream|seedance|reactor)(?![a-z]))/i;

const maxGraphNodes = 10_000;
const modelInputs = ['ckpt_name', 'unet_name', 'model_name', 'lora_name', 'diffusion_model', 'gguf_name', 'model'];

interface Node {
  type: string;
  inputs: JsonObject;
}

interface Graph {
  form: 'prompt' | 'workflow';
  nodes: Node[];
  fact: Fact;
}

function graphsIn(fact: Fact): Graph[] {
  const text = fact.value.replace(/^\s*(?:prompt|workflow):\s*/i, '');
  if (!/"(?:class_type|nodes|workflow|prompt)"/.test(text)) return [];
  const value = parseObject(text);
  return value ? graphsOf(value, fact) : [];
}

/** The object itself, or what it holds under `prompt` and `workflow`, there possibly as JSON in a string. */
function graphsOf(value: JsonObject, fact: Fact): Graph[] {
  const found: Graph[] = [];
  for (const candidate of [value, inner(value['prompt']), inner(value['workflow'])]) {
    if (!candidate) continue;
    const executed = executedNodes(candidate);
    if (executed.length > 0) found.push({ form: 'prompt', nodes: executed, fact });
    const drawn = canvasNodes(candidate);
    if (drawn.length > 0) found.push({ form: 'workflow', nodes: drawn, fact });
  }
  return found;
}

function inner(value: unknown): JsonObject | null {
  if (isObject(value)) return value;
  return typeof value === 'string' ? parseObject(value) : null;
}

function executedNodes(graph: JsonObject): Node[] {
  const nodes: Node[] = [];
  for (const value of Object.values(graph).slice(0, maxGraphNodes)) {
    if (!isObject(value)) continue;
    const type = shown(value['class_type']);
    if (type !== null && isObject(value['inputs'])) nodes.push({ type, inputs: value['inputs'] });
  }
  return nodes;
}

/** Widget values stand in the canvas without names, so only the types are used. */
function canvasNodes(graph: JsonObject): Node[] {
  if (!Array.isArray(graph['nodes']) || !Array.isArray(graph['links'])) return [];
  const definitions = graph['definitions'];
  const subgraphs = isObject(definitions) && Array.isArray(definitions['subgraphs']) ? definitions['subgraphs'] : [];
  const lists: unknown[] = [
    graph['nodes'],
    ...subgraphs.slice(0, 100).map((of: unknown) => (isObject(of) ? of['nodes'] : null)),
  ];
  const nodes: Node[] = [];
  for (const list of lists) {
    if (!Array.isArray(list)) continue;
    for (const value of list.slice(0, maxGraphNodes)) {
      const type = isObject(value) ? shown(value['type']) : null;
      if (type !== null && nodes.length < maxGraphNodes) nodes.push({ type, inputs: {} });
    }
  }
  return nodes;
}

/** Inputs that are wired to another node hold `[node, output]`, not a value. */
function firstValue(inputs: JsonObject[], names: string[]): unknown {
  for (const of of inputs) {
    for (const name of names) {
      const value = of[name];
      if (typeof value === 'string' || typeof value === 'number') return value;
    }
  }
  return null;
}

function modelNames(inputs: JsonObject[]): string[] {
  const names = new Set<string>();
  for (const of of inputs) {
    for (const key of modelInputs) {
      const name = typeof of[key] === 'string' ? fileName(of[key]) : null;
      if (name !== null && names.size < 10) names.add(name);
    }
  }
  return [...names].sort();
}

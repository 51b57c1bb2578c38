import type { Recogniser, Trace } from './trace.ts';
import { evidenceOf, fileName, numberOf, shown } from './values.ts';

/**
 * The "infotext" of AUTOMATIC1111's WebUI, written the same by Forge, SD.Next, Civitai and many savers for other tools: prompt,
 * `Negative prompt: …`, then one line `Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: …`. PNG text
 * `parameters`, EXIF UserComment in JPEG and WebP, comment tags in videos. (AUTOMATIC1111/stable-diffusion-webui
 * modules/infotext_utils.py, modules/images.py)
 */
export const recogniseSdWebui: Recogniser = (facts) => {
  const traces: Trace[] = [];
  for (const fact of facts) {
    const infotext = parseInfotext(fact.value);
    if (!infotext) continue;
    const { settings } = infotext;
    // Hires fix repaints a generated picture: only without it does a denoising strength mean that a picture was given.
    const denoising = numberOf(settings.get('Denoising strength'));
    const fromImage = denoising !== null && ![...settings.keys()].some((key) => key.startsWith('Hires'));
    const version = shown(settings.get('Version') ?? settings.get('App'));
    traces.push({
      method: 'trace.sd-webui',
      code: fromImage ? 'trace-sd-webui-from-image' : 'trace-sd-webui',
      claim: 'ai-generated',
      strength: 'strong',
      tool: toolOf(settings),
      place: fact.place,
      evidence: evidenceOf({
        version,
        steps: numberOf(settings.get('Steps')),
        sampler: shown(settings.get('Sampler')),
        schedule: shown(settings.get('Schedule type')),
        cfgScale: numberOf(settings.get('CFG scale')),
        seed: shown(settings.get('Seed')),
        size: shown(settings.get('Size')),
        model: fileName(settings.get('Model')),
        modelHash: shown(settings.get('Model hash')),
        denoisingStrength: denoising,
        fromImage,
        promptLength: infotext.promptLength,
        negativePromptLength: infotext.negativePromptLength,
      }),
      carriers: [fact.carrier],
    });
  }
  return traces;
};

export interface Infotext {
  settings: Map<string, string>;
  promptLength: number;
  negativePromptLength: number;
}

/** Longest line of settings that is read; LoRA hashes make them long. */
const maxLine = 16_384;
const maxSettings = 200;

/** Settings that make the line unmistakable; two of them are needed besides the steps. */
const telling = ['Sampler', 'CFG scale', 'Seed', 'Size', 'Model hash', 'Model', 'Schedule type', 'Distilled CFG Scale'];

export function parseInfotext(text: string): Infotext | null {
  const at = text.startsWith('Steps: ') ? 0 : text.lastIndexOf('\nSteps: ') + 1;
  if (at === 0 && !text.startsWith('Steps: ')) return null;
  const end = text.indexOf('\n', at);
  const line = text.slice(at, Math.min(end < 0 ? text.length : end, at + maxLine));
  const settings = splitSettings(line);
  if (numberOf(settings.get('Steps')) === null) return null;
  if (telling.filter((key) => settings.has(key)).length < 2) return null;
  const negative = text.slice(0, at).lastIndexOf('Negative prompt: ');
  return {
    settings,
    promptLength: text.slice(0, negative < 0 ? at : negative).trim().length,
    negativePromptLength: negative < 0 ? 0 : text.slice(negative + 'Negative prompt: '.length, at).trim().length,
  };
}

/** `Key: value, Key: "quoted, value", …`: quotes are JSON strings. */
function splitSettings(line: string): Map<string, string> {
  const settings = new Map<string, string>();
  let at = 0;
  while (at < line.length && settings.size < maxSettings) {
    const colon = line.indexOf(': ', at);
    if (colon < 0) break;
    const key = line.slice(at, colon).trim();
    let end = line[colon + 2] === '"' ? closingQuote(line, colon + 3) : colon + 2;
    end = line.indexOf(',', end);
    if (end < 0) end = line.length;
    // Keys are short names: anything longer is prose with a colon in it.
    if (key !== '' && key.length <= 60 && !settings.has(key)) settings.set(key, line.slice(colon + 2, end).trim());
    at = end + 1;
  }
  return settings;
}

function closingQuote(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at;
  }
  return line.length;
}

function toolOf(settings: Map<string, string>): string {
  const version = settings.get('Version') ?? '';
  const app = settings.get('App') ?? '';
  if (/^comfyui/i.test(version)) return 'ComfyUI';
  if (/^fooocus/i.test(version)) return 'Fooocus';
  if (/^f\d|forge|^neo/i.test(version)) return 'Stable Diffusion WebUI Forge';
  if (/sd\.next/i.test(app)) return 'SD.Next';
  if (settings.has('Civitai resources')) return 'Civitai';
  return /^v?\d+\.\d+/.test(version) ? 'Stable Diffusion WebUI' : 'Stable Diffusion WebUI or a compatible tool';
}

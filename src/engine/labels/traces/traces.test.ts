import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { MediaFormat, Signal } from '../../../contract/screening.ts';
import { signalSchema } from '../../../contract/screening.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readMetadata } from '../labels.ts';
import type { Metadata, MetadataEntry } from '../metadata.ts';
import { readTraces } from './traces.ts';

const fixtures = new URL('../../../../test/fixtures/traces/', import.meta.url);
const jobId = '5f0c6d1e-1111-4222-8333-444455556666';

type Expected = Pick<Signal, 'method' | 'strength' | 'code'> &
  Partial<Pick<Signal, 'claim'>> & { tool: string; evidence?: object };

const webui = {
  version: 'v1.10.1',
  steps: 28,
  sampler: 'DPM++ 2M',
  schedule: 'Karras',
  cfgScale: 6.5,
  seed: '123456789',
  size: '512x768',
  model: 'v1-5-pruned-emaonly',
  modelHash: '6ce0161689',
  promptLength: 33,
  negativePromptLength: 6,
};
const sdWebui = {
  method: 'trace.sd-webui',
  strength: 'strong',
  code: 'trace-sd-webui',
  tool: 'Stable Diffusion WebUI',
} as const;
const comfyui = { method: 'trace.comfyui', strength: 'strong', code: 'trace-comfyui', tool: 'ComfyUI' } as const;
const graph = {
  sampler: 'euler',
  scheduler: 'normal',
  steps: 20,
  cfgScale: 8,
  models: ['sd_xl_base_1.0.safetensors'],
  size: '1024x1024',
  promptLength: 13,
};

const files: [string, MediaFormat, Expected[]][] = [
  ['sd-webui.png', 'png', [{ ...sdWebui, claim: 'ai-generated', evidence: { ...webui, fromImage: false } }]],
  [
    'sd-webui-from-image.png',
    'png',
    [
      {
        ...sdWebui,
        code: 'trace-sd-webui-from-image',
        claim: 'ai-generated',
        evidence: { denoisingStrength: 0.55, fromImage: true },
      },
    ],
  ],
  ['sd-webui.jpg', 'jpeg', [{ ...sdWebui, evidence: webui }]],
  [
    'comfyui.png',
    'png',
    [{ ...comfyui, claim: 'ai-generated', evidence: { ...graph, graphs: ['prompt', 'workflow'], nodes: 5 } }],
  ],
  ['comfyui.webp', 'webp', [{ ...comfyui, evidence: { ...graph, graphs: ['prompt', 'workflow'] } }]],
  ['comfyui-vhs.mp4', 'mp4', [{ ...comfyui, evidence: { ...graph, graphs: ['prompt', 'workflow'] } }]],
  ['comfyui-keys.mp4', 'mp4', [{ ...comfyui, evidence: { ...graph, graphs: ['prompt', 'workflow'] } }]],
  ['comfyui.webm', 'webm', [{ ...comfyui, evidence: { ...graph, graphs: ['prompt'] } }]],
  ['comfyui.flac', 'flac', [{ ...comfyui, evidence: { ...graph, graphs: ['prompt'] } }]],
  [
    'comfyui-processing.png',
    'png',
    [{ ...comfyui, strength: 'some', code: 'trace-comfyui-processing', claim: 'ai-possible', evidence: { nodes: 2 } }],
  ],
  [
    'invokeai.png',
    'png',
    [
      {
        method: 'trace.invokeai',
        strength: 'strong',
        code: 'trace-invokeai',
        tool: 'InvokeAI',
        evidence: {
          version: '5.4.0',
          model: 'Juggernaut XL v9',
          steps: 30,
          size: '1024x1024',
          modelHash: 'blake3:0123abcd',
          promptLength: 13,
        },
      },
    ],
  ],
  [
    'invokeai-dream.png',
    'png',
    [
      {
        method: 'trace.invokeai',
        strength: 'strong',
        code: 'trace-invokeai',
        tool: 'InvokeAI',
        evidence: { steps: 50, seed: '1950357039', size: '512x512', sampler: 'k_lms', cfgScale: 7.5, promptLength: 13 },
      },
    ],
  ],
  [
    'fooocus.png',
    'png',
    [
      {
        method: 'trace.fooocus',
        strength: 'strong',
        code: 'trace-fooocus',
        tool: 'Fooocus',
        evidence: { version: 'Fooocus v2.5.5', model: 'juggernautXL_v8Rundiffusion', steps: 30, size: '(1152, 896)' },
      },
    ],
  ],
  [
    'fooocus.jpg',
    'jpeg',
    [
      { ...sdWebui, tool: 'Fooocus' },
      { method: 'trace.fooocus', strength: 'some', code: 'trace-software', tool: 'Fooocus' },
    ],
  ],
  [
    'swarmui.jpg',
    'jpeg',
    [
      {
        method: 'trace.swarmui',
        strength: 'strong',
        code: 'trace-swarmui',
        tool: 'SwarmUI',
        evidence: { version: '0.9.4.0', model: 'dev', steps: 20, size: '1024x768' },
      },
    ],
  ],
  [
    'draw-things.png',
    'png',
    [
      {
        method: 'trace.draw-things',
        strength: 'strong',
        code: 'trace-draw-things',
        tool: 'Draw Things',
        evidence: {
          model: 'flux_1_schnell_q5p.ckpt',
          steps: 4,
          sampler: 'Euler A Trailing',
          size: '768x768',
          promptLength: 13,
        },
      },
    ],
  ],
  [
    'novelai.png',
    'png',
    [
      {
        method: 'trace.novelai',
        strength: 'strong',
        code: 'trace-novelai',
        tool: 'NovelAI',
        evidence: {
          model: 'NovelAI Diffusion V4.5 4BDE2A90',
          steps: 28,
          sampler: 'k_euler_ancestral',
          signedHash: true,
          size: '832x1216',
        },
      },
    ],
  ],
  [
    'midjourney.png',
    'png',
    [
      {
        method: 'trace.midjourney',
        strength: 'strong',
        code: 'trace-midjourney',
        tool: 'Midjourney',
        evidence: { version: '6.1', aspect: '2:1', jobId, promptLength: 13 },
      },
    ],
  ],
  [
    'grok.jpg',
    'jpeg',
    [
      {
        method: 'trace.grok',
        strength: 'strong',
        code: 'trace-grok',
        tool: 'Grok (xAI)',
        evidence: { imageId: jobId, signatureLength: 192 },
      },
    ],
  ],
  [
    'google-ai.png',
    'png',
    [{ method: 'trace.google-ai', strength: 'some', code: 'trace-software', claim: 'ai-generated', tool: 'Google AI' }],
  ],
  [
    'google-ai-edited.jpg',
    'jpeg',
    [{ method: 'trace.google-ai', strength: 'some', code: 'trace-software', claim: 'ai-edited', tool: 'Google AI' }],
  ],
  ['ideogram.jpg', 'jpeg', [{ method: 'trace.software', strength: 'some', code: 'trace-software', tool: 'Ideogram' }]],
  [
    'dreamina.mp4',
    'mp4',
    [{ method: 'trace.bytedance', strength: 'strong', code: 'trace-bytedance', tool: 'Dreamina / 即梦' }],
  ],
  [
    'tiktok-label.mp4',
    'mp4',
    [{ method: 'trace.bytedance', strength: 'some', code: 'trace-bytedance-label', tool: 'TikTok / Douyin' }],
  ],
  [
    'suno.mp3',
    'mp3',
    [{ method: 'trace.suno', strength: 'strong', code: 'trace-suno', tool: 'Suno', evidence: { songId: jobId } }],
  ],
  ['suno.flac', 'flac', [{ method: 'trace.suno', strength: 'strong', code: 'trace-suno', tool: 'Suno Studio' }]],
  ['talk-about-it.png', 'png', []],
  ['photoshop.jpg', 'jpeg', []],
  ['ordinary.mp4', 'mp4', []],
  ['ordinary.mp3', 'mp3', []],
  ['dwt-dct-sd1.png', 'png', []],
];

describe('traces of generators in real files', () => {
  it.each(files)('%s', async (name, format, expected) => {
    const metadata = await readMetadata(bufferSource(readFileSync(new URL(name, fixtures))), format);
    const signals = readTraces(metadata, format);
    expect(
      signals.map(({ method, strength, code, params }) => ({ method, strength, code, tool: params['tool'] })),
    ).toEqual(expected.map(({ method, strength, code, tool }) => ({ method, strength, code, tool })));
    expected.forEach(({ evidence, claim }, index) => {
      expect(signals[index]?.evidence).toMatchObject(evidence ?? {});
      if (claim) expect(signals[index]?.claim).toBe(claim);
      expect(signals[index]?.place?.location).toBeTruthy();
    });
    for (const signal of signals) expect(() => signalSchema.parse(signal)).not.toThrow();
    expect(JSON.stringify(signals)).not.toContain('secret');
    expect(new Set(signals.map((signal) => signal.id)).size).toBe(signals.length);
  });
});

const texts: [string, string, string, string[]][] = [
  ['a program that names itself, known', 'Software', 'NovelAI', ['trace.novelai some']],
  ['a program that names itself, not verified', 'Software', 'Adobe Firefly 3', ['trace.firefly little']],
  ['a film service', 'WritingApp', '可灵 AI 2.0', ['trace.video-generator little']],
  ['a speech engine', 'ISFT', 'eSpeak NG 1.51', ['trace.voice-generator little']],
  ['a music service', 'TSSE', 'Udio', ['trace.music-generator little']],
  ['a maker', 'Make', 'Ideogram AI', ['trace.software some']],
  ['Higgsfield', 'hf-job-id', jobId, ['trace.software some']],
  ['Luma', 'Comment', "Generated by Luma AI's Uni-1 model (https://lumalabs.ai)", ['trace.software some']],
  [
    'hires fix is not a given picture',
    'parameters',
    'x\nSteps: 20, Sampler: Euler, Seed: 1, Denoising strength: 0.4, Hires upscale: 2',
    ['trace.sd-webui strong'],
  ],
  [
    'quoted values',
    'parameters',
    'x\nSteps: 20, Lora hashes: "a: 1, Steps: 3", Sampler: Euler, Seed: 1',
    ['trace.sd-webui strong'],
  ],
  [
    'Python numbers in JSON',
    'prompt',
    '{"1":{"class_type":"KSampler","inputs":{"is_changed":[NaN],"t":"a \\"NaN\\" b"}}}',
    ['trace.comfyui strong'],
  ],
  ...[
    'ImageNormalize_Neg_1_To_1',
    'ImageResampler',
    'ImageUpsampler',
    'RemoveObjectMask',
    'LumaMask',
    'SaveVideo',
    'ImageNoise',
    'MaskGenerator',
    'SeedGenerator',
  ].map((type): [string, string, string, string[]] => [
    `a graph that only processes: ${type}`,
    'prompt',
    `{"1":{"class_type":"${type}","inputs":{}}}`,
    ['trace.comfyui some'],
  ]),
  ...[
    'KSamplerAdvanced',
    'SamplerCustom',
    'VeoVideoGenerationNode',
    'KlingTextToVideoNode',
    'GeminiImageNode',
    'OpenAIDalle3',
    'IdeogramV3',
    'LumaImageNode',
    'MinimaxImageToVideoNode',
    'ReActorFaceSwap',
    'veo3_call',
    'Imagen4',
    'PixverseTemplateNode',
  ].map((type): [string, string, string, string[]] => [
    `a graph that generates: ${type}`,
    'prompt',
    `{"1":{"class_type":"${type}","inputs":{}}}`,
    ['trace.comfyui strong'],
  ]),
  ['a photo of an exhibition', 'ImageDescription', 'Midjourney exhibition', []],
  ['a title', 'Title', 'Midjourney', []],
  ['a person called like a service', 'Artist', 'Kling', []],
  ['a person called like a service', 'Artist', 'Suno', []],
  ['ffmpeg', 'Software', 'Lavf60.16.100', []],
  ['ffmpeg', 'ENCODER', 'Lavc60.31.102 libx264', []],
  ['LAME', 'TSSE', 'LAME 64bits version 3.100', []],
  ['Photoshop', 'Software', 'Adobe Photoshop 25.9 (Macintosh)', []],
  ['Lightroom', 'Software', 'Adobe Lightroom Classic 13.2 (Windows)', []],
  ['a phone', 'Software', 'Google Pixel 8 Pro', []],
  ['a phone', 'Make', 'Google', []],
  ['YouTube', '©too', 'Google', []],
  ['HandBrake', '©too', 'HandBrake 1.7.2 2024010900', []],
  ['iTunes', '©too', 'iTunes 12.12.4', []],
  ['CapCut', 'comment', 'vid:v12044gd0000', []],
  ['a colour space called flux', 'Software', 'f.lux', []],
  ['a camera maker', 'Make', 'Leonardo', []],
  ['a longer text that begins like a name', 'Software', `ComfyUI ${'x'.repeat(300)}`, []],
  ['steps of a recipe', 'Comment', 'Bread\nSteps: 20, Time: 30 min', []],
  ['steps without a number', 'Comment', 'x\nSteps: many, Sampler: me, Seed: of life', []],
  ['a job id of a print shop', 'ImageDescription', 'Job ID: 20240101-77', []],
  ['a job id in the middle', 'ImageDescription', `Job ID: ${jobId} was printed twice`, []],
  ['a signature without its author', 'ImageDescription', `Signature: ${'QUJD'.repeat(30)}`, []],
  ['a platform label that says no', 'AigcInfo', '{"aigc_label_type":0}', []],
  ['an edit by a ByteDance app', 'Comment', '{"product":"dreamina","exportType":"retouch"}', []],
  ['made with, but not by', 'Comment', 'made with suno; created=yesterday; id=1', []],
  ['somebody else’s workflow', 'workflow', '{"name":"print","steps":["cut","fold"]}', []],
  ['a graph without links', 'workflow', '{"nodes":[{"type":"KSampler"}]}', []],
  ['JSON with steps only', 'Comment', '{"steps":12,"distance":"8 km","seed":"sunflower"}', []],
];

describe('words', () => {
  it.each(['en', 'zh'])('has a sentence for every code in %s', (lang) => {
    const words = z
      .record(z.string(), z.string())
      .parse(JSON.parse(readFileSync(new URL(`../../../contract/words/traces.${lang}.json`, import.meta.url), 'utf8')));
    const codes = files.flatMap(([, , expected]) => expected.map(({ code }) => code));
    const others = [
      'trace-software-unverified',
      'watermark-alpha-stealth',
      'watermark-alpha-stealth-unread',
      'watermark-dwt-dct',
    ];
    expect(Object.keys(words).sort()).toEqual(
      [...new Set([...codes, ...others])].flatMap((code) => [`brief.${code}`, `signal.${code}`]).sort(),
    );
  });
});

describe('single texts', () => {
  it.each(texts)('%s: %s = %s', (_what, key, value, expected) => {
    const signals = readTraces(metadataOf([[key, value]]), 'png');
    expect(signals.map((signal) => `${signal.method} ${signal.strength}`)).toEqual(expected);
  });

  it('numbers the signals of one method and drops repeats', () => {
    const parameters = 'x\nSteps: 20, Sampler: Euler, Seed: 1';
    const signals = readTraces(
      metadataOf([
        ['parameters', parameters],
        ['UserComment', parameters],
        ['Comment', parameters.replace('Seed: 1', 'Seed: 2')],
      ]),
      'png',
    );
    expect(signals.map((signal) => signal.id)).toEqual(['trace.sd-webui#1', 'trace.sd-webui#2']);
  });

  it('cuts and cleans what it repeats', () => {
    const model = `/home/somebody/${'m'.repeat(500)}\u001b[31m.safetensors`;
    const [signal] = readTraces(
      metadataOf([['parameters', `x\nSteps: 20, Sampler: E\u0007uler, Model: ${model}`]]),
      'png',
    );
    const text = JSON.stringify(signal?.evidence);
    expect(text).not.toContain('somebody');
    expect(text).not.toMatch(/\\u00/);
    expect(text.length).toBeLessThan(400);
  });

  it('stays bounded when every entry is a trace', () => {
    const many: [string, string][] = Array.from({ length: 3_000 }, (_, seed) => [
      'parameters',
      `x\nSteps: 20, Sampler: Euler, Seed: ${seed}`,
    ]);
    expect(readTraces(metadataOf(many), 'png')).toHaveLength(20);
  });
});

describe('hostile texts', () => {
  const quadratic: [string, string][] = [
    ['escaped quotes', `{NaN"${'\\"'.repeat(500_000)}`],
    ['open quotes', `x\nSteps: ${'1: "'.repeat(250_000)}`],
    ['open braces', '{'.repeat(1_000_000)],
    ['nested lists', `{"nodes":${'['.repeat(500_000)}`],
    ['blanks', ' '.repeat(1_000_000)],
    ['many steps', '\nSteps: '.repeat(100_000)],
    ['options', ' --v'.repeat(250_000)],
    [
      'labels in labels',
      JSON.stringify(
        Array.from({ length: 12 }).reduce<object>((inner) => ({ aigc: JSON.stringify(inner), a: inner }), {}),
      ),
    ],
  ];
  it.each(quadratic)('%s end soon', (_what, text) => {
    for (const key of ['parameters', 'Dream', 'Description', 'Comment', 'workflow', 'AigcInfo']) {
      expect(() => readTraces(metadataOf([[key, text]]), 'png')).not.toThrow();
    }
  });

  it('never throws for mutated metadata', async () => {
    const random = prng(20261122);
    const seeds: MetadataEntry[][] = [];
    for (const [name, format] of files) {
      const metadata = await readMetadata(bufferSource(readFileSync(new URL(name, fixtures))), format);
      if (metadata.entries.length > 0) seeds.push(metadata.entries);
    }
    for (let round = 0; round < 600; round += 1) {
      const entries = (seeds[Math.floor(random() * seeds.length)] ?? []).map((entry) => ({
        ...entry,
        value: mutate(entry.value, random),
      }));
      const signals = readTraces({ entries, findings: [] }, 'png');
      for (const signal of signals) signalSchema.parse(signal);
      expect(JSON.stringify(signals).length).toBeLessThan(60_000);
    }
  });
});

function metadataOf(texts: [string, string][]): Metadata {
  const entries = texts.map(([key, value], index): MetadataEntry => {
    return { key, kind: 'text', value, cut: false, place: { location: 'png.text', path: `text[${index}]` } };
  });
  return { entries, findings: [] };
}

function mutate(text: string, random: () => number): string {
  let result = text;
  for (let count = 0; count < 3; count += 1) {
    const at = Math.floor(random() * (result.length + 1));
    const kind = Math.floor(random() * 4);
    if (kind === 0)
      result = result.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x3000)) + result.slice(at + 1);
    if (kind === 1) result = result.slice(0, at);
    if (kind === 2) result = result.slice(0, at) + result.slice(Math.floor(random() * (result.length + 1)));
    if (kind === 3)
      result =
        result.slice(0, at) +
        ['"', '{', '}', '\\', '\n', ': ', 'NaN', '1e999'][Math.floor(random() * 8)] +
        result.slice(at);
  }
  return result;
}

/** mulberry32 */
function prng(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

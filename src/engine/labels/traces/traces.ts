import type { MediaFormat, Signal } from '../../../contract/screening.ts';
import type { Metadata } from '../metadata.ts';
import { recogniseComfyui } from './comfyui.ts';
import { collectFacts, type Fact } from './facts.ts';
import { recogniseInvokeai } from './invokeai.ts';
import { recogniseDrawThings, recogniseFooocus, recogniseSwarmui } from './local-tools.ts';
import { recogniseNovelai } from './novelai.ts';
import { recogniseSdWebui } from './sd-webui.ts';
import { recogniseBytedance, recogniseGrok, recogniseMidjourney, recogniseSuno } from './services.ts';
import { recogniseSoftware } from './software.ts';
import type { Recogniser, Trace } from './trace.ts';

/**
 * What generators of images, video, music and speech left in the metadata of a file. A generator's own structured settings are strong
 * evidence; its mere name in a software tag is some or little. Prompts are never repeated, only their length.
 * At most `maxSignals` signals, ids `<method>#1` …, the same on every run. Never throws.
 */
export function readTraces(metadata: Metadata, _format: MediaFormat): Signal[] {
  const facts = collectFacts(metadata);
  const traces: Trace[] = [];
  let left: Fact[] = facts;
  for (const recognise of recognisers) {
    const found = recognise(left);
    if (found.length === 0) continue;
    traces.push(...found);
    const explained = new Set(found.flatMap((trace) => trace.carriers));
    left = left.filter((fact) => !explained.has(fact.carrier));
  }
  // A name beside the same generator's own settings adds nothing.
  const named = recogniseSoftware(left).filter((of) => !traces.some((trace) => trace.method === of.method));
  return number(withoutRepeats([...traces, ...named]).slice(0, maxSignals));
}

const maxSignals = 20;

/** Most particular first: each leaves to the next only the carriers that it did not explain. */
const recognisers: readonly Recogniser[] = [
  recogniseDrawThings,
  recogniseSwarmui,
  recogniseFooocus,
  recogniseInvokeai,
  recogniseNovelai,
  recogniseComfyui,
  recogniseSdWebui,
  recogniseMidjourney,
  recogniseGrok,
  recogniseSuno,
  recogniseBytedance,
];

/** Containers repeat themselves (EXIF and XMP, ID3v1 and v2): one signal for one statement. */
function withoutRepeats(traces: Trace[]): Trace[] {
  const seen = new Set<string>();
  return traces.filter((trace) => {
    const { key: _key, ...evidence } = trace.evidence;
    const same = JSON.stringify([trace.method, trace.code, trace.tool, trace.claim, evidence]);
    if (seen.has(same)) return false;
    seen.add(same);
    return true;
  });
}

function number(traces: Trace[]): Signal[] {
  const counts = new Map<string, number>();
  return traces.map((trace) => {
    const count = (counts.get(trace.method) ?? 0) + 1;
    counts.set(trace.method, count);
    return {
      id: `${trace.method}#${count}`,
      layer: 'label',
      method: trace.method,
      claim: trace.claim,
      strength: trace.strength,
      code: trace.code ?? trace.method.replace('.', '-'),
      params: { tool: trace.tool },
      place: trace.place,
      checks: [],
      // Anyone can write or remove such text: how often it lies cannot be measured.
      errorRate: null,
      evidence: trace.evidence,
    };
  });
}

import { explicitPlanSchema, type LabelPlan } from '../../src/contract/labelling.ts';
import { speaker } from '../../src/contract/words.ts';
import { type AigcFields, buildProviderCode } from '../../src/engine/labels/aigc/compose.ts';
import { labelFile } from '../../src/features/labelling/labelling.ts';
import type { LabellingTools } from '../../src/features/labelling/request.ts';
import { limitsFor } from '../../src/features/screening/limits.ts';

export interface Label {
  level: '1' | '2' | '3';
  fields: Omit<AigcFields, 'Label'>;
}

/** Example Shimmer Ltd is invented: the division 999900 does not exist. */
const uscc = '91999900MADEM0000D';

export const producerCode = codeFor('generation', '0002');
export const propagatorCode = codeFor('propagation', '0001');
export const labellingLimits = limitsFor({ memoryMb: 1_536, timeSeconds: 60 });

/** Writes the label into a new file, in place of any other; `heard` also plays the rhythm mark before a sound (GB 45438-2025 5.3). */
export async function writeLabel(
  input: string,
  output: string,
  label: Label,
  tools: LabellingTools,
  { heard = false }: { heard?: boolean } = {},
): Promise<void> {
  const { fields, level } = label;
  const plan: LabelPlan = {
    ...(heard ? { explicit: rhythmAtStart } : {}),
    implicit: {
      mode: 'write',
      seal: false,
      label: level,
      contentProducer: fields.ContentProducer,
      produceId: fields.ProduceID,
      reservedCode1: fields.ReservedCode1,
      contentPropagator: fields.ContentPropagator,
      propagateId: fields.PropagateID,
      reservedCode2: fields.ReservedCode2,
    },
    replace: true,
  };
  const say = speaker('en');
  await labelFile({ input, output, plan, overwrite: true, limits: labellingLimits, hashLimit: 0, say }, tools);
}

const rhythmAtStart = explicitPlanSchema.parse({
  claim: 'generated',
  lang: 'zh',
  style: 'text',
  seconds: null,
  position: 'bottom-right',
  sound: 'rhythm',
  where: ['start'],
});

function codeFor(service: 'generation' | 'propagation', number: string): string {
  const code = buildProviderCode({ uscc, service, number });
  if (!code) throw new Error('the sample company has no valid code');
  return code;
}

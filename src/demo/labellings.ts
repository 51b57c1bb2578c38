import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import {
  labellingItemSchema,
  labellingsSchema,
  labelSettingsSchema,
  type newLabellingSchema,
} from '../contract/labellings.ts';
import { screeningsSchema } from '../contract/screenings.ts';
import { buildProviderCode } from '../engine/labels/aigc/compose.ts';
import type { Door } from './door.ts';
import type { Crew } from './people.ts';

/** What the invented company labels of the files that it screened: a picture it generated, and one whose credentials stand in the way. */
const labelled = ['封面-雪山.png', 'template-portrait-a.jpg'];

/** Says once whom the company's labels name, and labels two files. What is there already is left as it is. */
export async function labelFiles(crew: Crew, door: Door): Promise<void> {
  const settings = { as: await crew.as('zhou'), path: '/api/v1/label-settings', answer: labelSettingsSchema };
  if ((await door.ask(settings)).revision === 0) {
    const uscc = '91999900MADEM0000D';
    await door.ask({
      ...settings,
      method: 'PUT',
      body: {
        contentProducer: buildProviderCode({ uscc, service: 'generation', number: '0001' }),
        contentPropagator: buildProviderCode({ uscc, service: 'propagation', number: '0001' }),
        ...{ label: '1', sourceType: 'trainedAlgorithmicMedia', revision: 0 },
      },
    });
  }
  for (const name of labelled) {
    const as = await crew.as('gu');
    const before = { as, path: '/api/v1/labellings', query: { text: name }, answer: labellingsSchema };
    if ((await door.ask(before)).items.length > 0) continue;
    const { items } = await door.ask({ ...before, path: '/api/v1/screenings', answer: screeningsSchema });
    const [screening] = items;
    if (!screening) throw new Error(`the demo screened no ${name}`);
    const body: z.input<typeof newLabellingSchema> = { file: { from: 'screening', id: screening.id } };
    const { id } = await door.ask({ ...before, method: 'POST', query: {}, body, answer: labellingItemSchema });
    await ended(crew, door, id);
  }
}

async function ended(crew: Crew, door: Door, id: string): Promise<void> {
  for (;;) {
    const as = await crew.as('gu');
    const { state } = await door.ask({ as, path: `/api/v1/labellings/${id}`, answer: labellingItemSchema });
    if (state !== 'queued' && state !== 'working') return;
    await sleep(250);
  }
}

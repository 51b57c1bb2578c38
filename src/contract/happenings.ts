import { z } from 'zod';
import { dayOrMomentSchema, factsSchema } from './facts.ts';
import { daySchema, maybe, nameInSchema, reasonSchema, slugSchema, text } from './fields.ts';
import { pageOf, pageQuerySchema } from './paging.ts';

/** What befalls a service and may make an assessment due. */

export const happeningKinds = ['incident', 'authority-notice', 'user-growth'] as const;
export type HappeningKind = (typeof happeningKinds)[number];

const incident = factsSchema.shape.incident.unwrap().omit({ on: true });
const notice = factsSchema.shape.authorityNotice
  .unwrap()
  .omit({ date: true })
  .extend({ name: text(200).optional() });
const note = maybe(text(2000));

export const newHappeningSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('incident'), on: dayOrMomentSchema, ...incident.shape, note }),
  /** `on`: the date on the notice. */
  z.strictObject({ kind: z.literal('authority-notice'), on: dayOrMomentSchema, ...notice.shape, note }),
  z.strictObject({ kind: z.literal('user-growth'), on: daySchema, note }),
]);
export type NewHappening = z.output<typeof newHappeningSchema>;

export const happeningSchema = z
  .object({
    id: z.uuid(),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    kind: z.enum(happeningKinds),
    on: z.string(),
    incident: incident.nullable(),
    notice: notice.nullable(),
    note: z.string().nullable(),
    recordedAt: z.iso.datetime(),
    recordedBy: z.string().nullable(),
    /** Nothing more follows from it; said with a reason. */
    settledAt: z.iso.datetime().nullable(),
    settledReason: z.string().nullable(),
  })
  .meta({ id: 'Happening' });
export type Happening = z.output<typeof happeningSchema>;
export const happeningsSchema = pageOf(happeningSchema);
export const happeningQuerySchema = pageQuerySchema.extend({ open: z.stringbool().optional() });
export const settleSchema = z.strictObject({ reason: reasonSchema });

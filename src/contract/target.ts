import { z } from 'zod';

/**
 * How a service under test is reached: `target` of a service in `clearmirror.yaml`. docs/target.md explains it.
 * Texts may hold `{{name}}`: `run`, `sample`, `declared`, `item`, `text`, and `secret.<name>`. Places in answers are JSONPath (RFC 9535).
 */

const template = z.string().min(1).max(2_000);
const jsonPath = z.string().min(1).max(300).startsWith('$', 'field.json-path');
const secretName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'field.short-name');

/** Scheme, host and port, nothing after them. */
const originSchema = z
  .url({ protocol: /^https?$/ })
  .refine((address) => URL.canParse(address) && new URL(address).href === `${new URL(address).origin}/`, 'field.origin')
  .transform((address) => new URL(address).origin);

export const targetRequestSchema = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    path: template.describe('Below the first of `hosts`, or a whole address at one of them.'),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), template).default({}),
    json: z.json().optional().describe('The body; templates in its texts are filled in.'),
    form: z
      .record(z.string().min(1).max(100), template)
      .optional()
      .describe('A multipart form. The field that is exactly `{{sample}}` carries the file.'),
  })
  .refine(({ json, form }) => json === undefined || form === undefined, 'field.one-body');
export type TargetRequest = z.output<typeof targetRequestSchema>;

/** What the public is told of an item, as the platform words it. */
export const publicSigns = ['confirmed', 'possible', 'suspected', 'none'] as const;
export type PublicSign = (typeof publicSigns)[number];

const saysSchema = z.array(z.string().min(1).max(200)).min(1).max(20);
const signTextsSchema = z.strictObject({ confirmed: saysSchema, possible: saysSchema, suspected: saysSchema });

export const sampleFormats = ['jpeg', 'png', 'webp', 'mp4', 'mov', 'webm', 'mp3', 'wav', 'm4a'] as const;
export type SampleFormat = (typeof sampleFormats)[number];

const renditionsSchema = z.strictObject({
  each: jsonPath.describe('Every rendition that the public gets.'),
  name: jsonPath.describe('Within one of them.'),
  url: jsonPath.describe('Within one of them.'),
});

const takesSchema = z.enum(sampleFormats).describe('What `{{sample}}` is: one of ours in that format.');
const soundLabelSchema = z
  .enum(['rhythm', 'voice'])
  .optional()
  .describe(
    'How sounds are labelled, as the service says. Whether a voice says it is never listened for: people do that.',
  );

/** Media that lie where the public gets them from: a folder beside the document, or an S3-compatible bucket. */
const publishedSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    folder: z.string().min(1).max(1_000).optional().describe('On the machine where the command runs.'),
    bucket: z
      .strictObject({
        endpoint: originSchema.describe('One of `hosts`.'),
        region: z
          .string()
          .regex(/^[a-z0-9-]{1,60}$/)
          .default('us-east-1'),
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/),
        prefix: z.string().max(900).default(''),
        keyId: secretName.optional().describe('A secret. Without keys the bucket is read as the public reads it.'),
        key: secretName.optional().describe('A secret.'),
      })
      .optional(),
    most: z.number().int().min(1).max(10_000).default(20).describe('Files that are looked at, drawn by lot from all.'),
    soundLabel: soundLabelSchema,
  })
  .refine(({ folder, bucket }) => (folder === undefined) !== (bucket === undefined), 'field.folder-or-bucket')
  .refine(({ bucket }) => (bucket?.keyId === undefined) === (bucket?.key === undefined), 'field.both-keys');
export type PublishedPlace = z.output<typeof publishedSchema>;

const complaintTimesSchema = z.strictObject({
  receivedAt: jsonPath,
  acknowledgedAt: jsonPath.optional(),
  handledAt: jsonPath,
});

/** Fields of CN18-E3, in the order of the form. */
export const logFields = [
  'account',
  'time',
  'operation',
  'sourceAddress',
  'destinationAddress',
  'sourcePort',
  'device',
] as const;
export type LogField = (typeof logFields)[number];

export const targetSchema = z
  .strictObject({
    hosts: z.array(originSchema).min(1).max(20).describe('Nothing else is ever asked, redirects included.'),
    perSecond: z.number().min(0.1).max(500).default(10).describe('Requests a second, at most.'),
    requests: z.number().int().min(1).max(1_000_000).default(5_000).describe('Requests in one run, at most.'),
    timeoutSeconds: z.number().int().min(1).max(600).default(20).describe('For one answer, its body included.'),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), template).default({}),
    secrets: z
      .record(
        secretName,
        z.union([z.strictObject({ env: z.string().max(200) }), z.strictObject({ file: z.string().max(1_000) })]),
      )
      .default({})
      .describe('By reference only: a variable of the environment, or a file.'),
    publish: z
      .strictObject({
        request: targetRequestSchema,
        item: jsonPath.describe('The number of the new item, in the answer.'),
        formats: z.array(z.enum(sampleFormats)).min(1).max(sampleFormats.length),
        declared: z
          .strictObject({ yes: z.string().max(200), no: z.string().max(200) })
          .optional()
          .describe('What `{{declared}}` stands for when the uploader says that it is generated, and when not.'),
        onceByKey: z
          .string()
          .regex(/^[A-Za-z0-9-]{1,60}$/)
          .optional()
          .describe('The header by whose value the service publishes only once, for instance Idempotency-Key.'),
        maxMegabytes: z.number().min(0.1).max(10_000).optional().describe('The largest file that is taken.'),
      })
      .optional(),
    item: z
      .strictObject({
        request: targetRequestSchema,
        ready: z.strictObject({ path: jsonPath, is: saysSchema }),
        readySeconds: z.number().int().min(1).max(3_600).default(120),
        renditions: renditionsSchema,
        sign: z.strictObject({ path: jsonPath, says: signTextsSchema }).optional(),
      })
      .optional(),
    page: z
      .strictObject({ request: targetRequestSchema, says: signTextsSchema })
      .optional()
      .describe('The public page of an item, and by which words it tells each sign.'),
    effects: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100),
          request: targetRequestSchema,
          takes: takesSchema.default('jpeg'),
          exports: renditionsSchema.describe('Every format that is offered.'),
          soundLabel: soundLabelSchema,
        }),
      )
      .max(20)
      .optional(),
    rooms: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100),
          request: targetRequestSchema.describe(
            'Opens a room in which `{{sample}}` is spoken, changed by the service.',
          ),
          takes: takesSchema.default('wav'),
          room: jsonPath.optional().describe('Its number; `{{item}}` in `leave`.'),
          stream: jsonPath.describe('Address of its live sound, as listeners get it: over HTTP, without end.'),
          seconds: z.number().int().min(1).max(300).default(20).describe('How long is listened.'),
          leave: targetRequestSchema.optional(),
          soundLabel: soundLabelSchema,
        }),
      )
      .max(20)
      .optional(),
    published: z
      .array(publishedSchema)
      .max(20)
      .optional()
      .describe('Where generated media lie that the public gets: each of them should carry its labels.'),
    known: z
      .strictObject({
        request: targetRequestSchema.describe('Has `{{item}}` listed as a known fake.'),
        refusal: z
          .strictObject({ path: jsonPath, is: saysSchema })
          .optional()
          .describe('By which words publishing a copy of it is refused. Without it only a sign tells.'),
      })
      .optional()
      .describe('How the service is told of a known fake; copies of it should be recognised from then on.'),
    remove: z.strictObject({ request: targetRequestSchema }).optional().describe('Takes a sample away again.'),
    unidentified: z
      .strictObject({ headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), template) })
      .optional()
      .describe('Publishing as somebody whose identity was never verified.'),
    complaints: z
      .strictObject({
        page: targetRequestSchema.optional().describe('A public page that tells how to complain.'),
        pageSays: saysSchema.optional(),
        request: targetRequestSchema.optional().describe('Files a complaint about `{{item}}` with `{{text}}`.'),
        number: jsonPath.optional(),
        records: z
          .strictObject({ request: targetRequestSchema, each: jsonPath, ...complaintTimesSchema.shape })
          .optional(),
        handledWithinHours: z
          .number()
          .min(1)
          .max(8_760)
          .describe('What the service promises, or its rulebook asks for.'),
      })
      .optional(),
    logs: z
      .strictObject({
        request: targetRequestSchema.describe('Newest first.'),
        oldest: targetRequestSchema.optional().describe('The oldest entries.'),
        each: jsonPath,
        fields: z.partialRecord(z.enum(logFields), jsonPath),
        days: z.number().int().min(1).max(3_650).default(183).describe('How far back they must reach.'),
      })
      .optional(),
  })
  .meta({ id: 'Target' });
export type Target = z.output<typeof targetSchema>;

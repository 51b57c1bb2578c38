import { z } from 'zod';

/** What goes wrong over HTTP: RFC 9457, `application/problem+json`, with a stable code and what to do next. */
export const problemBodySchema = z
  .object({
    type: z.string().describe('`about:blank`: the code tells which problem it is.'),
    title: z.string().describe('What happened, in the language asked for.'),
    status: z.number().int(),
    code: z.string().describe('Stable; see docs/problems.md.'),
    next: z.string().optional().describe('What the caller can do.'),
    fields: z
      .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .describe('Which parts of the request are wrong. `path` is a JSON Pointer (RFC 6901) into the body or query.'),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.infer<typeof problemBodySchema>;

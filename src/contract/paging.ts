import { z } from 'zod';

/** A long list comes in pages: `next` is the cursor for `after`, null at the end. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const pageQuerySchema = z.object({
  after: z.string().max(200).optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

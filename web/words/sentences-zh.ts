import { type Catalogue, merge } from './catalogues.ts';

export const sentences: Catalogue = merge(
  import.meta.glob<Catalogue>('../../src/contract/words/*.zh.json', { eager: true, import: 'default' }),
);

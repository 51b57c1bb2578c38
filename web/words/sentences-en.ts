import { type Catalogue, merge } from './catalogues.ts';

/** Without what only a terminal says. */
export const sentences: Catalogue = merge(
  import.meta.glob<Catalogue>(
    ['../../src/contract/words/*.en.json', '!../../src/contract/words/{cli,doctor,serve,demo}.en.json'],
    { eager: true, import: 'default' },
  ),
);

import { type Catalogue, merge } from './catalogues.ts';

export const zh: Catalogue = merge(import.meta.glob<Catalogue>('./zh/*.json', { eager: true, import: 'default' }));

import { type Catalogue, merge } from './catalogues.ts';

export const en: Catalogue = merge(import.meta.glob<Catalogue>('./en/*.json', { eager: true, import: 'default' }));

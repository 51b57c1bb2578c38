import { type Filling, nameIn } from './filling.ts';
import { lineOf, momentOf, proseOf, stringOf } from './markup.ts';
import { namespace, own } from './namespace.ts';
import type { Metadata, Party } from './shapes.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

const oscalVersion = '1.2.2';

const remarks = { plan: 'plan-after-run', results: 'results-from-record', poam: 'poam-from-record' } as const;

/** The moment is that of the run: the same record gives the same bytes. */
export function metadataOf(filling: Filling, document: 'plan' | 'results' | 'poam'): Metadata {
  const { record, lang, hazards } = filling;
  const names = [record.service, record.function].flatMap((one) => (one ? [nameIn(one.name, lang) ?? one.slug] : []));
  return {
    title: lineOf([word(lang, document), ...names].join(' · ')),
    'last-modified': momentOf(record.endedAt),
    version: momentOf(record.endedAt),
    'oscal-version': oscalVersion,
    'document-ids': [{ identifier: record.run }],
    props: [own('language', lang), own('record', record.schema)],
    ...parties(filling),
    remarks: proseOf(word(lang, document === 'poam' && hazards ? 'poam-from-workspace' : remarks[document])),
  };
}

/** The company answers for the assessment. Its people stay out: who reads this need not telephone them. */
function parties(filling: Filling): Pick<Metadata, 'roles' | 'parties' | 'responsible-parties'> {
  const { record, company, lang } = filling;
  const name = nameIn(company?.name, lang);
  if (!company || name === null) return {};
  const uuid = uuidsOf(record.run).company;
  const party: Party = {
    uuid,
    type: company.kind === 'person' ? 'person' : 'organization',
    name: stringOf(name),
    ...(company.uscc && { 'external-ids': [{ id: stringOf(company.uscc), scheme: `${namespace}/uscc` }] }),
  };
  return {
    roles: [{ id: 'provider', title: lineOf(word(lang, 'provider')) }],
    parties: [party],
    'responsible-parties': [{ 'role-id': 'provider', 'party-uuids': [uuid] }],
  };
}

import type { AssessedRequirement } from '../../../contract/assessment.ts';
import type { Rulebook } from '../../../contract/rulebook.ts';
import { fileNames } from './file-names.ts';
import { type Filling, nameIn, requirementOf } from './filling.ts';
import { lineOf, proseOf, stringOf, uriOf } from './markup.ts';
import { own } from './namespace.ts';
import type { Link, Resource } from './shapes.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

export function recordResource({ record, recordSha256, lang }: Filling): Resource {
  const hashes = [{ algorithm: 'SHA-256' as const, value: stringOf(recordSha256) }];
  return {
    uuid: uuidsOf(record.run).resource('record'),
    title: lineOf(word(lang, 'record')),
    props: [{ name: 'type', value: 'raw-data' }],
    rlinks: [{ href: 'assessment.json', 'media-type': 'application/json', hashes }],
  };
}

export function planResource({ record, lang }: Filling): Resource {
  return {
    uuid: uuidsOf(record.run).resource('plan'),
    title: lineOf(word(lang, 'plan')),
    props: [{ name: 'type', value: 'plan' }],
    rlinks: [{ href: fileNames(lang).plan, 'media-type': 'application/json' }],
  };
}

/** What stands where OSCAL wants a system security plan. */
export function registerResource({ record, service, lang }: Filling): Resource {
  const said = nameIn(service.description, lang) ?? word(lang, 'no-description');
  return {
    uuid: uuidsOf(record.run).resource('register'),
    title: lineOf(word(lang, 'register')),
    description: proseOf(word(lang, 'no-ssp'), said, ...(service.addresses ?? [])),
    props: [own('service', service.slug), own('service-type', service.type)],
    citation: { text: lineOf(`clearmirror.yaml: ${service.slug}`) },
  };
}

/** The rulebooks of the run, and of their sources those in which the assessed requirements were found. */
export function rulebookResources(filling: Filling): Resource[] {
  const { record, rulebooks, lang } = filling;
  const uuids = uuidsOf(record.run);
  return record.rulebooks.flatMap(({ id, version, shortTitle }) => {
    const rulebook = rulebooks.find((one) => one.id === id);
    const text = rulebook ? `${rulebook.title[lang]} · ${rulebook.reference[lang]}` : shortTitle[lang];
    const resource: Resource = {
      uuid: uuids.resource('rulebook', id),
      title: lineOf(shortTitle[lang]),
      props: [{ name: 'type', value: 'regulation' }, own('rulebook', id), own('rulebook-version', version)],
      citation: { text: lineOf(text) },
    };
    return [resource, ...(rulebook ? sourceResources(filling, rulebook) : [])];
  });
}

/** From a requirement to its rulebook and to where it was found. */
export function sourceLinks(filling: Filling, assessed: AssessedRequirement): Link[] {
  const { record, rulebooks, lang } = filling;
  if (!record.rulebooks.some(({ id }) => id === assessed.rulebook)) return [];
  const uuids = uuidsOf(record.run);
  const rulebook = rulebooks.find(({ id }) => id === assessed.rulebook);
  const keys = rulebook ? keysOf(filling, rulebook, assessed) : [];
  return [
    {
      href: `#${uuids.resource('rulebook', assessed.rulebook)}`,
      rel: 'reference',
      text: lineOf(assessed.clause[lang]),
    },
    ...keys.map((key) => ({
      href: `#${uuids.resource('source', assessed.rulebook, key)}`,
      rel: 'reference',
      text: lineOf(key),
    })),
  ];
}

function sourceResources(filling: Filling, rulebook: Rulebook): Resource[] {
  const assessed = filling.record.requirements.filter((one) => one.rulebook === rulebook.id);
  const keys = new Set(assessed.flatMap((one) => keysOf(filling, rulebook, one)));
  return [...keys].flatMap((key) => {
    const source = rulebook.sources[key];
    if (!source) return [];
    const title = lineOf(source.about);
    return {
      uuid: uuidsOf(filling.record.run).resource('source', rulebook.id, key),
      title,
      props: [{ name: 'type', value: 'citation' }, own('source', key)],
      ...(source.url ? { rlinks: [{ href: uriOf(source.url) }] } : { citation: { text: title } }),
    };
  });
}

/** Keys that the rulebook's sources have. */
function keysOf(filling: Filling, { sources }: Rulebook, assessed: AssessedRequirement): string[] {
  const named = requirementOf(filling, assessed)?.source ?? [];
  return [...new Set(named)].filter((key) => Object.hasOwn(sources, key));
}

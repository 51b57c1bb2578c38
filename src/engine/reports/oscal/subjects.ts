import { type Filling, nameIn } from './filling.ts';
import { lineOf, proseOf, stringOf } from './markup.ts';
import { own } from './namespace.ts';
import type { AssessmentAssets, Component, Origin, SubjectReference } from './shapes.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** What was assessed: the service and, where the run is about one, its function. */
export function componentsOf({ record, service, lang }: Filling): Component[] {
  const uuids = uuidsOf(record.run);
  const whole: Component = {
    uuid: uuids.service,
    type: 'service',
    title: lineOf(nameIn(record.service.name, lang) ?? record.service.slug),
    description: proseOf(nameIn(service.description, lang) ?? word(lang, 'no-description')),
    props: [own('slug', record.service.slug), ...(service.addresses ?? []).map((address) => own('address', address))],
    status: { state: service.launchedOn ? 'operational' : 'under-development' },
  };
  if (!record.function) return [whole];
  const { slug, name } = record.function;
  const known = service.functions?.find((one) => one.slug === slug);
  const part: Component = {
    uuid: uuids.function,
    type: 'service',
    title: lineOf(nameIn(name, lang) ?? slug),
    description: proseOf(nameIn(known?.description, lang) ?? word(lang, 'no-description')),
    props: [own('slug', slug), own('function-of', record.service.slug)],
    status: known
      ? { state: known.launchedOn ? 'operational' : 'under-development' }
      : { state: 'other', remarks: word(lang, 'unknown-state') },
  };
  return [whole, part];
}

/** The function, where the run is about one; else the service. */
export function subjectOf({ record }: Filling): SubjectReference {
  const uuids = uuidsOf(record.run);
  return { 'subject-uuid': record.function ? uuids.function : uuids.service, type: 'component' };
}

/** Clearmirror, as the tool with which it was assessed. */
export function assetsOf({ record, lang }: Filling): AssessmentAssets {
  const uuids = uuidsOf(record.run);
  const title = lineOf(word(lang, 'tool'));
  return {
    components: [
      {
        uuid: uuids.tool,
        type: 'software',
        title,
        description: proseOf(word(lang, 'about-tool')),
        props: [{ name: 'version', value: stringOf(record.versions.clearmirror) }],
        status: { state: 'operational' },
      },
    ],
    'assessment-platforms': [{ uuid: uuids.platform, title, 'uses-components': [{ 'component-uuid': uuids.tool }] }],
  };
}

/** Seen by the tool; in the course of these tasks of the plan, by their number. */
export function originOf({ record }: Filling, ...tasks: number[]): Origin {
  const uuids = uuidsOf(record.run);
  return {
    actors: [{ type: 'tool', 'actor-uuid': uuids.tool }],
    ...(tasks.length > 0 && { 'related-tasks': tasks.map((task) => ({ 'task-uuid': uuids.task(task) })) }),
  };
}

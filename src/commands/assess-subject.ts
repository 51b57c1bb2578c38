import type { Lang } from '../contract/lang.ts';
import type { FunctionDocument, RegisterDocument, ServiceDocument } from '../contract/register-document.ts';
import type { Target } from '../contract/target.ts';
import { refuse } from '../features/assessments/refusal.ts';

/** What is assessed, and where it stands in the document. */
export interface Subject {
  service: ServiceDocument;
  one: FunctionDocument | null;
  target: Target;
  path: (string | number)[];
}

/** The service that was named, or the only one that has a target. */
export function chooseSubject(
  { services = [] }: RegisterDocument,
  wanted: { service?: string; function?: string; lang: Lang },
): Subject {
  const { lang } = wanted;
  const withTarget = services.filter(({ target }) => target !== undefined);
  const service = wanted.service === undefined ? withTarget[0] : services.find(({ slug }) => slug === wanted.service);
  if (!service) {
    if (wanted.service === undefined) throw refuse(lang, 'no-target', { service: '' });
    throw refuse(lang, 'service-unknown', {
      service: wanted.service,
      known: services.map(({ slug }) => slug).join(', '),
    });
  }
  if (wanted.service === undefined && withTarget.length > 1)
    throw refuse(lang, 'service-which', { known: withTarget.map(({ slug }) => slug).join(', ') });
  if (!service.target) throw refuse(lang, 'no-target', { service: service.slug });
  const functions = service.functions ?? [];
  const one =
    wanted.function === undefined ? null : (functions.find(({ slug }) => slug === wanted.function) ?? undefined);
  if (one === undefined) {
    const known = functions.map(({ slug }) => slug).join(', ');
    throw refuse(lang, 'function-unknown', { function: wanted.function ?? '', known });
  }
  return { service, one, target: service.target, path: ['services', services.indexOf(service)] };
}

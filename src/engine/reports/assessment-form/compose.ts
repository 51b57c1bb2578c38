import { annexEvidence } from './annex-evidence.ts';
import { annexHazards } from './annex-hazards.ts';
import { annexProbes } from './annex-probes.ts';
import { annexRequirements } from './annex-requirements.ts';
import { closing } from './closing.ts';
import { contentHash } from './content-hash.ts';
import { type FilledForm, officialOf } from './form.ts';
import { moment } from './moments.ts';
import { officialPart } from './official-part.ts';
import { both, type Line, line, type Sheet, text } from './sheet.ts';
import { visible } from './visible.ts';
import { marks, pageWords, readingCopyWords, say, words } from './words.ts';

/** The official form first, then what carries it. */
export function compose(filled: FilledForm): Sheet {
  const { lang, form, document } = filled;
  const { is } = marks[lang];
  const digest = (filled.officialHash ?? contentHash(filled)).slice(0, 12);
  return {
    lang,
    title: visible(form.title[lang]),
    under: under(filled),
    footer: {
      left: visible(`${say(lang, 'document-id')} ${document.id}　${say(lang, 'digest')}${is}${digest}`),
      page: pageWords[lang],
    },
    blocks: [
      ...officialPart(filled),
      ...closing(filled),
      ...annexRequirements(filled),
      ...annexProbes(filled),
      ...annexHazards(filled),
      ...annexEvidence(filled),
    ],
  };
}

function under(filled: FilledForm): Line[] {
  const { lang, form, title, document } = filled;
  const official = officialOf(filled);
  const { id, version, shortTitle } = document.rulebook;
  const { is, and, aside } = marks[lang];
  const [open, close] = aside;
  const basis = `${say(lang, 'basis')}${is}${shortTitle[lang]}${open}${id}${and}${say(lang, 'rulebook-version')} ${version}${close}`;
  const made = `${say(lang, 'made')}${is}${moment(document.createdAt, document.timeZone)}${open}${document.timeZone}${close}`;
  return [
    ...(lang === official ? [] : text(form.title[official], 'strong')),
    ...text(title),
    line(basis, 'quiet'),
    line(made, 'quiet'),
    ...(form.verified ? [] : both(filled, words[form.provenance === 'F' ? 'unread-form' : 'own-form'], 'warns')),
    ...(lang === official ? [] : both(filled, readingCopyWords[official], 'quiet')),
    ...(filled.officialHash === undefined ? [] : both(filled, words['digest-of-official'], 'quiet')),
  ];
}

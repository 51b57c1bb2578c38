import type { Lang } from '../../../src/contract/lang.ts';
import type { Both, provenances, Rulebook } from '../../../src/contract/rulebook.ts';
import { useLang, useWords } from '../../words/words.ts';
import { Mark } from './mark.tsx';
import './rule-parts.css';

const other = { zh: 'en', en: 'zh' } as const;
const tags = { zh: 'zh-CN', en: 'en' } as const;

/** Where a rule stands, in the reader's language and in the other. */
export function Clause({ clause }: { clause: Both }) {
  const lang = useLang();
  return (
    <span className="clause">
      {clause[lang]}
      {clause.zh !== clause.en && (
        <span className="clause-other" lang={tags[other[lang]]}>
          {' '}
          {clause[other[lang]]}
        </span>
      )}
    </span>
  );
}

/** A text in both languages, the reader's first; a quotation from the source stands in quotation marks, our wording does not. */
export function InBoth({ text, quotes }: { text: Both; quotes: readonly Lang[] }) {
  const lang = useLang();
  return (
    <div className="in-both">
      <Wording text={text} lang={lang} quoted={quotes.includes(lang)} />
      <Wording text={text} lang={other[lang]} quoted={quotes.includes(other[lang])} />
    </div>
  );
}

function Wording({ text, lang, quoted }: { text: Both; lang: Lang; quoted: boolean }) {
  const say = useWords();
  return (
    <p lang={tags[lang]}>
      {quoted ? `“${text[lang]}”` : text[lang]}{' '}
      {!quoted && <span className="wording">{say('rulebook.our-wording')}</span>}
    </p>
  );
}

/** Whether somebody read the text of this rule. Only then may it hold anything up. */
export function VerifiedMark({
  verified,
  provenance,
}: {
  verified: boolean;
  provenance: (typeof provenances)[number];
}) {
  const say = useWords();
  return verified ? (
    <Mark of="done">{say('rulebooks.verified')}</Mark>
  ) : (
    <span className="unverified" title={say('rulebooks.unverified.why')}>
      {say(`rulebooks.unverified.${provenance}`)}
    </span>
  );
}

/** Where it was read. */
export function SourceLinks({ of, whole }: { of: readonly string[]; whole: Pick<Rulebook, 'sources'> | undefined }) {
  const say = useWords();
  if (of.length === 0 || !whole) return null;
  return (
    <span className="sources">
      {say('rulebooks.source')}{' '}
      {of.map((key) => {
        const source = whole.sources[key];
        if (!source) return null;
        return source.url === undefined ? (
          <span key={key}>{source.about}</span>
        ) : (
          <a key={key} href={source.url} target="_blank" rel="noreferrer noopener" title={source.url}>
            {source.about}
          </a>
        );
      })}
    </span>
  );
}

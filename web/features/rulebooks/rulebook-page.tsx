import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { rulebookQuery } from '../../api/rulebooks.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { chaptersOf, type RuleEntry } from './chapters.ts';
import { sayDate } from './days.tsx';
import { FormPart } from './form-part.tsx';
import { RuleCard } from './rule-card.tsx';
import './rulebook-page.css';

/** One rulebook to read: every rule with its clause, in both languages, with where it was read and whether anybody did. */
export function RulebookPage() {
  const { id = '' } = useParams();
  const say = useWords();
  const lang = useLang();
  const [search, setSearch] = useState('');
  const { data: rulebook, error, refetch } = useQuery(rulebookQuery(id));
  useHash(rulebook !== undefined);
  const above = <Link to="/rulebooks">{say('rulebooks.title')}</Link>;
  if (!rulebook) {
    return (
      <Page title={say('rulebooks.title')} above={above}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={8} />}
      </Page>
    );
  }
  const chapters = chaptersOf(rulebook)
    .map((chapter) => ({ ...chapter, rules: chapter.rules.filter((rule) => isAbout(rule, search)) }))
    .filter(({ rules }) => rules.length > 0);
  const { inForce, issuers, note, reference, sources } = rulebook;
  return (
    <Page title={rulebook.title[lang]} above={above} lead={reference[lang]}>
      <div className="reading">
        <nav className="reading-nav" aria-label={say('rulebooks.chapters')}>
          <Input.Search
            allowClear
            value={search}
            onChange={({ target }) => setSearch(target.value)}
            placeholder={say('rulebooks.search.one')}
            aria-label={say('rulebooks.search.one')}
          />
          <ul className="reading-chapters">
            {chapters.map(({ name, rules }) => (
              <li key={name}>
                <a href={`#${name}`}>{say(`rulebooks.chapter.${name}`)}</a>{' '}
                <span className="quiet">{rules.length}</span>
              </li>
            ))}
            {rulebook.form && search === '' && (
              <li>
                <a href="#form">{say('rulebooks.chapter.form')}</a>
              </li>
            )}
            <li>
              <a href="#sources">{say('rulebooks.chapter.sources')}</a>
            </li>
          </ul>
        </nav>
        <div className="reading-text">
          {search === '' && (
            <>
              <dl className="reading-facts">
                <dt>{say('rulebooks.column.where')}</dt>
                <dd>{say(`fact-word.${rulebook.jurisdiction}`)}</dd>
                <dt>{say('rulebooks.issuers')}</dt>
                <dd>{issuers.map((issuer) => issuer[lang]).join(' · ')}</dd>
                <dt>{say('rulebooks.column.force')}</dt>
                <dd>
                  {say('rulebooks.force.from', { date: sayDate(inForce.from, lang) })}
                  {inForce.to !== null && ` ${say('rulebooks.force.to', { date: sayDate(inForce.to, lang) })}`}
                </dd>
                <dt>{say('rulebooks.version')}</dt>
                <dd>
                  {sayDate(rulebook.version, lang)} · <code>{rulebook.id}</code>
                </dd>
              </dl>
              {note && (
                <div className="note note-plain">
                  <p className="note-title">{say('rulebooks.note')}</p>
                  <p>{note[lang]}</p>
                  <p className="quiet" lang={lang === 'zh' ? 'en' : 'zh-CN'}>
                    {note[lang === 'zh' ? 'en' : 'zh']}
                  </p>
                </div>
              )}
            </>
          )}
          {chapters.length === 0 && <p className="quiet">{say('rulebooks.search.none', { search })}</p>}
          {chapters.map(({ name, rules }) => (
            <section key={name} className="chapter" id={name}>
              <h2>{say(`rulebooks.chapter.${name}`)}</h2>
              {rules.map((rule) => (
                <RuleCard key={rule.id} rule={rule} rulebook={rulebook} />
              ))}
            </section>
          ))}
          {rulebook.form && search === '' && <FormPart form={rulebook.form} rulebook={rulebook} />}
          <section className="chapter" id="sources">
            <h2>{say('rulebooks.chapter.sources')}</h2>
            <ul className="source-list">
              {Object.entries(sources).map(([key, { about, url }]) => (
                <li key={key}>
                  <code className="quiet">{key}</code>{' '}
                  {url === undefined ? (
                    about
                  ) : (
                    <a href={url} target="_blank" rel="noreferrer noopener">
                      {about}
                    </a>
                  )}
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </Page>
  );
}

/** Goes to the rule that the address names, once it is on the page. */
function useHash(ready: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (!ready || hash === '') return;
    document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView({ block: 'start' });
  }, [ready, hash]);
}

function isAbout({ id, clause, title, text }: RuleEntry, search: string): boolean {
  const all = [id, clause.zh, clause.en, title?.zh ?? '', title?.en ?? '', text.zh, text.en].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

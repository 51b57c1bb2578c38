import type { Rulebook } from '../../../src/contract/rulebook.ts';
import { type Say, useLang, useWords } from '../../words/words.ts';
import type { ClockRule, RuleEntry } from './chapters.ts';
import { ConditionWords } from './condition-words.tsx';
import { sayDate } from './days.tsx';
import { isFactName } from './fact-names.ts';
import { Clause, InBoth, SourceLinks, VerifiedMark } from './rule-parts.tsx';
import { list, sayUnit } from './say.ts';

/** One rule to read. */
export function RuleCard({ rule, rulebook }: { rule: RuleEntry; rulebook: Rulebook }) {
  const say = useWords();
  const lang = useLang();
  const { title, requirement, inForce } = rule;
  const methods = requirement?.method.map((method) => say(`rulebook.method.${method}`)) ?? [];
  return (
    <article className="rule" id={rule.id} tabIndex={-1}>
      <header className="rule-head">
        <h3>
          {title && <>{title[lang]} · </>}
          <Clause clause={rule.clause} />
        </h3>
        <a href={`#${rule.id}`} className="rule-id">
          <code>{rule.id}</code>
        </a>
      </header>
      <InBoth text={rule.text} quotes={rule.quotes} />
      {rule.when && (
        <div className="rule-when">
          <span className="rule-label">{say('rulebooks.when')}</span>
          <ConditionWords of={rule.when} rulebook={rulebook} />
        </div>
      )}
      {rule.clock && (
        <div className="rule-when">
          <span className="rule-label">{say('rulebooks.clock')}</span>
          <span>{sayClock(rule.clock, say, lang === 'zh' ? 'zh' : 'en')}</span>
        </div>
      )}
      <Makes dues={rulebook.due.filter(({ triggers }) => triggers.includes(rule.id))} />
      <p className="rule-foot">
        <VerifiedMark verified={rule.verified} provenance={rule.provenance} />
        {methods.length > 0 && (
          <span className="quiet">
            {say('rulebooks.method')} {list(methods, lang)}
          </span>
        )}
        {requirement && requirement.actor !== 'service-provider' && (
          <span className="quiet">{say(`rulebooks.actor.${requirement.actor}`)}</span>
        )}
        {inForce && <span className="quiet">{say('rulebooks.force.from', { date: sayDate(inForce.from, lang) })}</span>}
        <SourceLinks of={rule.source} whole={rulebook} />
      </p>
    </article>
  );
}

/** What comes due when this trigger fires. */
function Makes({ dues }: { dues: Rulebook['due'] }) {
  const say = useWords();
  const lang = useLang();
  if (dues.length === 0) return null;
  return (
    <div className="rule-when">
      <span className="rule-label">{say('rulebooks.makes')}</span>
      <ul className="rule-dues">
        {dues.map(({ id, title, clock, gate }) => (
          <li key={id}>
            {title[lang]} · <a href={`#${clock}`}>{clock}</a>
            {gate && <span className="due-tag due-tag-strong">{say('rulebook.blocks')}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function sayClock(rule: ClockRule, say: Say, lang: 'zh' | 'en'): string {
  const facts = (names: readonly string[]) =>
    list(
      names.map((name) => (isFactName(name) ? say(`fact.${name}`) : name)),
      lang,
    );
  if ('before' in rule) return say('rulebook.by.before-launch');
  if ('during' in rule) return say('rulebook.by.standing');
  if ('on' in rule) return sayDate(rule.on, lang);
  if ('without' in rule) return say('rulebook.by.without-delay');
  if ('every' in rule) {
    return say('rulebook.by.recurring', { every: rule.every, unit: sayUnit(rule.unit, rule.every, say) });
  }
  const params = { length: rule.length, unit: sayUnit(rule.unit, rule.length, say) };
  if ('afterFiling' in rule) return say(`rulebooks.clock.after-filing.${rule.afterFiling}`, params);
  return say('rulebooks.clock.after', { ...params, facts: facts(rule.after) });
}

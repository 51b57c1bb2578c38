import type { ReactNode } from 'react';
import type { Facts } from '../../../src/contract/facts.ts';
import type { FunctionFacts, Service } from '../../../src/contract/register.ts';
import { useLang, useWords } from '../../words/words.ts';
import { Day } from '../rulebooks/days.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { list } from '../rulebooks/say.ts';

/** What is registered about the service. What is unknown says so: it is not "no". */
export function FactsPart({ service, action }: { service: Service; action: ReactNode }) {
  const say = useWords();
  const lang = useLang();
  const { jurisdictions, features, facts, addresses, plannedLaunch, launchedOn, withdrawnOn, withdrawnReason } =
    service;
  return (
    <section className="side-part" aria-label={say('register.facts')}>
      <header className="side-head">
        <h2>{say('register.facts')}</h2>
        {action}
      </header>
      {service.description && <p>{nameIn(service.description, lang)}</p>}
      <dl className="side-facts">
        <dt>{say('register.column.places')}</dt>
        <dd>
          {jurisdictions === null ? (
            <Unknown />
          ) : (
            list(
              jurisdictions.map((place) => say(`fact-word.${place}`)),
              lang,
            )
          )}
        </dd>
        {addresses.length > 0 && <dt>{say('register.addresses')}</dt>}
        {addresses.map((address) => (
          <dd key={address} className="side-address">
            <a href={address} target="_blank" rel="noreferrer noopener">
              {address.replace(/^https?:\/\//, '')}
            </a>
          </dd>
        ))}
        {features !== null && (
          <>
            <dt>{say('register.features.other')}</dt>
            <dd>
              {features.length === 0
                ? say('question.none-of-these')
                : list(
                    features.map((feature) => say(`fact-word.${feature}`)),
                    lang,
                  )}
            </dd>
          </>
        )}
        {(['offeredToPublic', 'hostsUserContent', 'isGenerator', 'isPropagator'] as const).map((fact) => (
          <Fact key={fact} label={say(`fact.${fact}`)} value={facts[fact]} />
        ))}
        {(['isAppStore', 'isApiProvider', 'isNewsService', 'opinionOrMobilisation'] as const)
          .filter((fact) => facts[fact] !== undefined)
          .map((fact) => (
            <Fact key={fact} label={say(`fact.${fact}`)} value={facts[fact]} />
          ))}
        {plannedLaunch !== null && launchedOn === null && (
          <>
            <dt>{say('register.planned')}</dt>
            <dd>
              <Day day={plannedLaunch} />
            </dd>
          </>
        )}
        {launchedOn !== null && (
          <>
            <dt>{say('register.launched')}</dt>
            <dd>
              <Day day={launchedOn} />
            </dd>
          </>
        )}
        {withdrawnOn !== null && (
          <>
            <dt>{say('register.withdrawn')}</dt>
            <dd>
              <Day day={withdrawnOn} /> {withdrawnReason}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Fact({ label, value }: { label: string; value: boolean | undefined }) {
  const say = useWords();
  return (
    <>
      <dt>{label}</dt>
      <dd>{value === undefined ? <Unknown /> : say(value ? 'question.yes' : 'question.no')}</dd>
    </>
  );
}

function Unknown() {
  const say = useWords();
  return <span className="quiet">{say('register.unknown')}</span>;
}

/** Yes-or-no facts that were given, as short lines. */
export function givenFacts(facts: FunctionFacts): { fact: keyof Facts; value: boolean }[] {
  const names = [
    'isGenerator',
    'editsBiometrics',
    'touchesNationalSecurityScene',
    'realisticOutput',
    'usesNewTech',
    'criticalImpact',
    'opinionOrMobilisation',
  ] as const;
  return names.flatMap((fact) => {
    const value = facts[fact];
    return value === undefined ? [] : [{ fact, value }];
  });
}

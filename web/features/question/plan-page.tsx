import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import type { Facts, MomentName } from '../../../src/contract/facts.ts';
import { useOrganisation } from '../../api/me.ts';
import { functionsQuery, serviceQuery } from '../../api/register.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { places } from '../register/places.ts';
import { nameIn } from '../rulebooks/names.ts';
import { AnswerPanel } from './answer-panel.tsx';
import { Chips } from './chips.tsx';
import { useDraft } from './draft.ts';
import { momentGroups } from './facts-table.ts';
import { FeaturesPart } from './features-part.tsx';
import { FiguresPart } from './figures-part.tsx';
import { FlagsPart } from './flags-part.tsx';
import { MomentPart } from './moment-part.tsx';
import { Part } from './part.tsx';
import './plan.css';
import { SavePart } from './save-part.tsx';
import { ServiceLine } from './service-line.tsx';
import type { Subject } from './subject.ts';
import { SummaryBar } from './summary-bar.tsx';
import { useAnswer, useRegistered } from './use-answer.ts';
import { useTell } from './use-tell.ts';

/** The question about a service, or about no service in particular. */
export function PlanPage() {
  const { service: slug } = useParams();
  return slug === undefined ? <Plan subject={noSubject} /> : <PlanOfService key={slug} slug={slug} />;
}

const noSubject: Subject = { service: null, function: null, functions: [], happening: null };

function PlanOfService({ slug }: { slug: string }) {
  const say = useWords();
  const [query] = useSearchParams();
  const service = useQuery(serviceQuery(slug));
  const functions = useQuery(functionsQuery(slug));
  const error = service.error ?? functions.error;
  if (!service.data || !functions.data) {
    return (
      <Page title={say('question.title')}>
        {error ? <ProblemNote error={error} onRetry={() => void service.refetch()} /> : <Waiting lines={6} />}
      </Page>
    );
  }
  const wanted = query.get('function');
  const found = functions.data.items.find(({ id, slug: own }) => id === wanted || own === wanted) ?? null;
  return (
    <Plan
      key={found?.id ?? 'new'}
      subject={{
        service: service.data,
        function: found,
        functions: functions.data.items,
        happening: query.get('happening'),
      }}
    />
  );
}

/**
 * What is about to happen, in plain words at the left; the answer builds up at the right. Of a service, what is registered is
 * taken as known, and what is said here is taken instead.
 */
function Plan({ subject }: { subject: Subject }) {
  const say = useWords();
  const lang = useLang();
  const [query] = useSearchParams();
  const event = query.get('event');
  const { kind } = useOrganisation();
  const { service, happening } = subject;
  const slug = service?.slug ?? null;
  const ofFunction = subject.function?.slug ?? null;
  const name = [slug, ofFunction, happening, event].join('/');
  const { facts, change, clear, touched } = useDraft(name, firstFacts(event, subject));
  const registered = useRegistered({ service: slug, function: ofFunction, happening });
  const stored: Facts = registered.data?.answer.facts ?? {};
  const asked = withOtherFeatures(facts, subject);
  const answered = useAnswer({ service: slug, function: ofFunction, happening, facts: asked });
  const { wanted, tell } = useTell();
  return (
    <Page
      title={say('question.title')}
      lead={say(service === null ? 'question.lead' : 'question.lead.service')}
      above={service && <Link to={`/services/${service.slug}`}>{nameIn(service.name, lang)}</Link>}
    >
      <div className="plan">
        <form className="plan-asks" onSubmit={(submit) => submit.preventDefault()} aria-label={say('question.asks')}>
          {kind === 'company' && <ServiceLine subject={subject} />}
          <Part title={say('question.part.moment')}>
            <MomentPart facts={facts} fixed={happening !== null} onChange={change} />
          </Part>
          <Part title={say('question.part.features')} lead={say('question.part.features.lead')} fact="features">
            <FeaturesPart facts={facts} stored={othersOf(subject)} onChange={change} />
          </Part>
          <Part title={say('question.part.places')} fact="jurisdictions">
            <Chips
              label={say('question.places')}
              of={places}
              chosen={facts.jurisdictions ?? stored.jurisdictions ?? []}
              word={(place) => say(`fact-word.${place}`)}
              onChange={(jurisdictions) =>
                change({ ...facts, jurisdictions: jurisdictions.length === 0 ? undefined : jurisdictions })
              }
            />
          </Part>
          <Part title={say('question.part.flags')} lead={say('question.part.flags.lead')}>
            <FlagsPart
              facts={facts}
              stored={stored}
              sources={registered.data?.sources ?? []}
              ask={answered.answer?.ask ?? []}
              wanted={wanted}
              onChange={change}
            />
          </Part>
          <Part title={say('question.part.figures')} lead={say('question.part.figures.lead')}>
            <FiguresPart facts={facts} stored={stored} onChange={change} />
          </Part>
          {kind === 'company' && happening === null && <SavePart subject={subject} facts={facts} onSaved={clear} />}
          {touched && (
            <button type="button" className="tell plan-clear" onClick={clear}>
              {say('question.clear')}
            </button>
          )}
        </form>
        <section className="plan-answer" id="answer" aria-label={say('question.answer')}>
          <AnswerPanel answered={answered} onTell={tell} />
        </section>
      </div>
      <SummaryBar answered={answered} />
    </Page>
  );
}

/** What runs beside the function that is asked about: what is planned has a gate of its own. */
function othersOf({ service, functions, function: own }: Subject): NonNullable<Facts['features']> {
  const live = functions.filter(
    ({ id, state, launchedOn }) => id !== own?.id && state !== 'withdrawn' && launchedOn !== null,
  );
  return [...new Set([...(service?.features ?? []), ...live.flatMap(({ features }) => features)])];
}

/** A list of features that is given is complete: what the service offers already belongs to it. */
function withOtherFeatures(facts: Facts, subject: Subject): Facts {
  if (facts.features === undefined) return facts;
  return { ...facts, features: [...new Set([...othersOf(subject), ...facts.features])] };
}

function firstFacts(event: string | null, { service, function: own }: Subject): Facts {
  const named = Object.values(momentGroups)
    .flat()
    .find((moment): moment is MomentName => moment === event);
  const usual =
    service === null ? 'launch-service' : own && own.state !== 'planned' ? 'change-function' : 'add-function';
  return {
    ...(own && { ...own.facts, features: own.features, ...(own.plannedLaunch && { plannedAt: own.plannedLaunch }) }),
    event: named ?? usual,
  };
}

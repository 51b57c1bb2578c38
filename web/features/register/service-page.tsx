import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import type { Service, ServiceFunction } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { functionsQuery, serviceQuery } from '../../api/register.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { useGates } from '../filings/dues.ts';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { ActivityPart } from './activity-part.tsx';
import { DuePart } from './due-part.tsx';
import { FactsPart } from './facts-part.tsx';
import { FiguresPart } from './figures-part.tsx';
import { FilingsPart } from './filings-part.tsx';
import { FunctionsPart } from './functions-part.tsx';
import { GatePart } from './gate-part.tsx';
import { HappeningsPart } from './happenings-part.tsx';
import './register.css';
import { ServiceDialog } from './service-dialog.tsx';
import { ServiceMoves } from './service-moves.tsx';
import { StateMark } from './state-mark.tsx';

/** One service: what it is and does, what is due, what was filed, and whether it may be live. */
export function ServicePage() {
  const { service: ref = '' } = useParams();
  const say = useWords();
  const service = useQuery(serviceQuery(ref));
  const functions = useQuery(functionsQuery(ref));
  const error = service.error ?? functions.error;
  if (service.data && functions.data) return <Shown service={service.data} functions={functions.data.items} />;
  return (
    <Page title={say('register.service')} above={<Link to="/services">{say('register.title')}</Link>}>
      {error ? <ProblemNote error={error} onRetry={() => void service.refetch()} /> : <Waiting lines={8} />}
    </Page>
  );
}

function Shown({ service, functions }: { service: Service; functions: ServiceFunction[] }) {
  const say = useWords();
  const lang = useLang();
  const may = useMay('administrator', 'assessor', 'engineer');
  const assesses = useMay('administrator', 'assessor');
  const [editing, setEditing] = useState(false);
  const gates = useGates([service], functions);
  useHash(!gates.waiting);
  const alive = service.state !== 'withdrawn';
  const { zh, en } = service.name;
  return (
    <Page
      title={nameIn(service.name, lang)}
      above={<Link to="/services">{say('register.title')}</Link>}
      lead={
        <span className="service-lead">
          <StateMark state={service.state} />
          <span>{say(`register.type.${service.type}`)}</span>
          {zh !== null && en !== null && <span lang={lang === 'zh' ? 'en' : 'zh-CN'}>{lang === 'zh' ? en : zh}</span>}
          <code>{service.slug}</code>
        </span>
      }
      action={
        alive && (
          <>
            {assesses && (
              <LinkButton to={`/assessments/new?service=${service.slug}`}>{say('assessments.begin')}</LinkButton>
            )}{' '}
            <LinkButton to={`/services/${service.slug}/plan`} type="primary">
              {say('register.plan')}
            </LinkButton>
          </>
        )
      }
    >
      <div className="service">
        <div className="service-main">
          <FunctionsPart service={service} functions={functions} gates={gates.gates} />
          <DuePart service={service} gates={gates} />
          <FilingsPart service={service} />
          <HappeningsPart service={service} />
          <FiguresPart service={service} />
          <ActivityPart service={service} />
        </div>
        <aside className="service-side">
          <GatePart service={service} functions={functions} gates={gates} />
          <FactsPart
            service={service}
            action={
              may &&
              alive && (
                <Button size="small" onClick={() => setEditing(true)}>
                  {say('register.edit')}
                </Button>
              )
            }
          />
          {may && alive && <ServiceMoves service={service} />}
        </aside>
      </div>
      {editing && <ServiceDialog service={service} onClose={() => setEditing(false)} />}
    </Page>
  );
}

/** Goes to the part that the address names, once it is on the page. */
function useHash(ready: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (ready && hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'center' });
  }, [ready, hash]);
}

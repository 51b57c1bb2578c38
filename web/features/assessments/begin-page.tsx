import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Select } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { assessmentsKey, beginAssessment, listAssessments } from '../../api/assessments.ts';
import { functionsQuery, gateQuery, listServices, registerKey } from '../../api/register.ts';
import { rulebooksQuery } from '../../api/rulebooks.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { sayDay } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import './assessments.css';

const whole = '';

/** What is assessed, under which rulebooks, and whether it starts from an earlier one. */
export function BeginPage() {
  const say = useWords();
  const lang = useLang();
  const [asked] = useSearchParams();
  const services = useQuery({
    queryKey: [...registerKey, 'services', 'live'],
    queryFn: ({ signal }) => listServices({ state: 'live', limit: 100 }, signal),
  });
  const [service, setService] = useState(asked.get('service') ?? undefined);
  const [own, setOwn] = useState(asked.get('function') ?? whole);
  const above = <Link to="/assessments">{say('assessments.title')}</Link>;
  return (
    <Page title={say('assessments.begin')} lead={say('assessments.begin.lead')} above={above} width="text">
      {services.isPending && <Waiting lines={4} />}
      {services.error && <ProblemNote error={services.error} onRetry={() => void services.refetch()} />}
      {services.data?.items.length === 0 && (
        <EmptyState
          title={say('assessments.begin.no-service')}
          text={say('assessments.begin.no-service.text')}
          action={<LinkButton to="/services">{say('assessments.begin.register')}</LinkButton>}
        />
      )}
      {services.data && services.data.items.length > 0 && (
        <Form layout="vertical" requiredMark={false} component="div">
          <Form.Item label={say('assessments.begin.service')}>
            <Select
              value={service ?? null}
              placeholder={say('assessments.begin.service.choose')}
              aria-label={say('assessments.begin.service')}
              options={services.data.items.map(({ slug, name }) => ({ value: slug, label: nameIn(name, lang) }))}
              onChange={(value: string) => {
                setService(value);
                setOwn(whole);
              }}
            />
          </Form.Item>
          {service !== undefined && <FunctionChoice service={service} own={own} onChange={setOwn} />}
        </Form>
      )}
      {service !== undefined && <Rulebooks key={`${service} ${own}`} service={service} own={own} />}
    </Page>
  );
}

function FunctionChoice({ service, own, onChange }: { service: string; own: string; onChange: (own: string) => void }) {
  const say = useWords();
  const lang = useLang();
  const { data } = useQuery(functionsQuery(service));
  const alive = data?.items.filter(({ state }) => state !== 'withdrawn') ?? [];
  return (
    <Form.Item label={say('assessments.begin.function')} extra={say('assessments.begin.function.extra')}>
      <Select
        value={own}
        aria-label={say('assessments.begin.function')}
        options={[
          { value: whole, label: say('assessments.begin.whole') },
          ...alive.map(({ id, name, version }) => ({
            value: id,
            label: `${nameIn(name, lang)} ${say('filings.version', { version })}`,
          })),
        ]}
        onChange={onChange}
      />
    </Form.Item>
  );
}

function Rulebooks({ service, own }: { service: string; own: string }) {
  const say = useWords();
  const lang = useLang();
  const client = useQueryClient();
  const navigate = useNavigate();
  const rulebooks = useQuery(rulebooksQuery);
  const gate = useQuery(gateQuery(service, own === whole ? undefined : own));
  const earlier = useQuery({
    queryKey: [...assessmentsKey, 'of', service, own],
    queryFn: ({ signal }) => listAssessments({ service, limit: 20, ...(own !== whole && { function: own }) }, signal),
  });
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [previous, setPrevious] = useState<string | null>(null);
  const due = new Set(gate.data?.dues.filter(({ state }) => state === 'due').map(({ rulebook }) => rulebook));
  const known = earlier.data?.items.filter((one) => own !== whole || one.function === null) ?? [];
  const [last] = known;
  useEffect(() => {
    if (last) setPrevious((before) => before ?? last.id);
  }, [last]);
  const begin = useMutation({
    mutationFn: () =>
      beginAssessment({ service, function: own === whole ? null : own, rulebooks: chosen ?? [...due], previous }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      void navigate(`/assessments/${id}`);
    },
  });
  const error = rulebooks.error ?? gate.error ?? earlier.error;
  if (error) return <ProblemNote error={error} />;
  if (!rulebooks.data || !gate.data || !earlier.data) return <Waiting lines={4} />;
  const used = rulebooks.data.items.filter((one) => one.used);
  const sorted = [...used.filter(({ id }) => due.has(id)), ...used.filter(({ id }) => !due.has(id))];
  const picked = chosen ?? [...due];
  return (
    <Form layout="vertical" requiredMark={false} onFinish={() => begin.mutate()}>
      <Form.Item label={say('assessments.begin.rulebooks')}>
        <Checkbox.Group value={picked} onChange={setChosen} className="assess-checks">
          {sorted.map(({ id, shortTitle }) => (
            <Checkbox key={id} value={id}>
              {shortTitle[lang]}
              {due.has(id) && <span className="assess-tag">{say('assessments.begin.due')}</span>}
            </Checkbox>
          ))}
        </Checkbox.Group>
      </Form.Item>
      {known.length > 0 && (
        <Form.Item label={say('assessments.begin.previous')} extra={say('assessments.begin.previous.extra')}>
          <Select
            allowClear
            value={previous}
            placeholder={say('assessments.begin.previous.none')}
            aria-label={say('assessments.begin.previous')}
            options={known.map(({ id, createdAt, state }) => ({
              value: id,
              label: `${sayDay(createdAt, lang)} · ${say(`assessments.state.${state}`)}`,
            }))}
            onChange={(value: string | undefined) => setPrevious(value ?? null)}
          />
        </Form.Item>
      )}
      {begin.error && (
        <Form.Item>
          <ProblemNote error={begin.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" disabled={picked.length === 0} loading={begin.isPending}>
        {say('assessments.begin.go')}
      </Button>
    </Form>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { ServiceTarget } from '../../../src/contract/service-target.ts';
import { assessmentsKey, putTarget, targetQuery } from '../../api/assessments.ts';
import { useMay } from '../../api/me.ts';
import { ApiProblem } from '../../api/problem.ts';
import { serviceQuery } from '../../api/register.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { nameIn } from '../rulebooks/names.ts';
import { Doer } from '../screening/doer.tsx';
import './assessments.css';
import { sampleTarget } from './sample-target.ts';

/** How the probes reach a service. */
export function TargetPage() {
  const { service = '' } = useParams();
  const say = useWords();
  const lang = useLang();
  const one = useQuery(serviceQuery(service));
  const { data, error, refetch } = useQuery(targetQuery(service));
  const name = one.data ? nameIn(one.data.name, lang) : service;
  return (
    <Page
      title={say('assessments.target')}
      lead={say('assessments.target.lead')}
      above={<Link to={`/services/${service}`}>{name}</Link>}
      width="text"
    >
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting lines={6} />}
      {data && <TargetForm key={data.revision} service={service} kept={data} />}
    </Page>
  );
}

function TargetForm({ service, kept }: { service: string; kept: ServiceTarget }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [text, setText] = useState(JSON.stringify(kept.target ?? sampleTarget, null, 2));
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const parsed = parse(text);
  const named = [
    ...new Set([
      ...kept.secrets,
      ...[...text.matchAll(/\{\{secret\.([a-z][a-z0-9-]{0,39})\}\}/g)].map(([, one]) => one ?? ''),
    ]),
  ];
  const save = useMutation({
    mutationFn: () => {
      if (!parsed) throw new Error('not JSON');
      const given = Object.entries(secrets).filter(([, value]) => value !== '');
      return putTarget(service, {
        revision: kept.revision,
        target: parsed,
        secrets: Object.fromEntries(given),
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      notice.done(say('assessments.target.saved'));
    },
  });
  const faults = save.error instanceof ApiProblem ? save.error.fields : [];
  return (
    <Form layout="vertical" requiredMark={false} onFinish={() => save.mutate()}>
      {kept.changedAt !== null && (
        <p className="quiet">
          {say('assessments.target.kept')} <Time at={kept.changedAt} /> · <Doer doer={kept.by} />
        </p>
      )}
      {kept.target === null && <p className="quiet">{say('assessments.target.sample')}</p>}
      <Form.Item
        label={say('assessments.target.json')}
        validateStatus={parsed ? '' : 'error'}
        help={parsed ? undefined : say('assessments.target.not-json')}
      >
        <Input.TextArea
          value={text}
          readOnly={!may}
          aria-label={say('assessments.target.json')}
          className="target-text"
          autoSize={{ minRows: 12, maxRows: 36 }}
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
      </Form.Item>
      <Section
        title={say('assessments.target.secrets')}
        lead={say('assessments.target.secrets.lead', { open: '{{', close: '}}' })}
      >
        {named.length === 0 && <p className="quiet">{say('assessments.target.secrets.none')}</p>}
        {named.map((name) => (
          <Form.Item key={name} label={<code>{name}</code>}>
            <Input.Password
              value={secrets[name] ?? ''}
              readOnly={!may}
              autoComplete="off"
              aria-label={name}
              placeholder={
                kept.secrets.includes(name)
                  ? say('assessments.target.secret.kept')
                  : say('assessments.target.secret.new')
              }
              onChange={({ target }) => setSecrets({ ...secrets, [name]: target.value })}
            />
          </Form.Item>
        ))}
      </Section>
      {save.error && <ProblemNote error={save.error} />}
      {faults.length > 0 && (
        <ul className="target-faults">
          {faults.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {may && (
        <Button type="primary" htmlType="submit" disabled={!parsed} loading={save.isPending}>
          {say('assessments.save')}
        </Button>
      )}
    </Form>
  );
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

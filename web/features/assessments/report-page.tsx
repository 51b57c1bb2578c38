import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Assessment } from '../../../src/contract/assessments.ts';
import {
  assessmentQuery,
  assessmentsKey,
  changeAssessment,
  concludeAssessment,
  membersQuery,
  moveAssessment,
} from '../../api/assessments.ts';
import { listFilings } from '../../api/filings.ts';
import { useMay } from '../../api/me.ts';
import { HashText } from '../../ui/copy.tsx';
import { Note } from '../../ui/note.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { nameIn } from '../rulebooks/names.ts';
import './assessments.css';
import { AnswersPart } from './answers-part.tsx';
import { keyOf } from './assessment-page.tsx';
import { StateMark } from './marks.tsx';
import { MovesPart } from './moves-part.tsx';
import { sayHazard } from './say.ts';
import { SignPart } from './sign-part.tsx';

/** From what still stands in the way to the signed report. */
export function ReportPage() {
  const { id = '' } = useParams();
  const say = useWords();
  const lang = useLang();
  const { data, error, refetch } = useQuery(assessmentQuery(id));
  const above = <Link to={`/assessments/${id}`}>{say('assessments.one')}</Link>;
  if (!data) {
    return (
      <Page title={say('assessments.report')} above={above}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={6} />}
      </Page>
    );
  }
  const isWorkable = ['draft', 'assessing', 'rectifying'].includes(data.state);
  return (
    <Page
      title={say('assessments.report')}
      above={above}
      width="text"
      lead={
        <span className="assess-lead">
          <StateMark state={data.state} />
          <span>
            {nameIn(data.service.name, lang)}
            {data.function && ` › ${nameIn(data.function.name, lang)}`}
          </span>
        </span>
      }
    >
      {isWorkable && <Blocks assessment={data} />}
      {isWorkable && <ConclusionForm key={data.revision} assessment={data} />}
      {isWorkable && <AnswersPart assessment={data} />}
      {isWorkable && <Drafts assessment={data} />}
      {isWorkable && <Conclude assessment={data} />}
      {!isWorkable && data.conclusion !== null && (
        <Section title={say('assessments.conclusion')}>
          <p className="requirement-text">{data.conclusion}</p>
        </Section>
      )}
      {data.report && <Files assessment={data} />}
      <SignPart assessment={data} />
      {data.state === 'signed' && <FilePart assessment={data} />}
      {data.filing !== null && (
        <p>
          <Link to={`/filings/${data.filing}`}>{say('assessments.filing')}</Link>
        </p>
      )}
      {!isWorkable && <MovesPart assessment={data} />}
    </Page>
  );
}

/** Each leads to its place. */
function Blocks({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const lang = useLang();
  const { id, blocks, requirements, hazards } = assessment;
  if (blocks.length === 0) {
    return <Note kind="good" title={say('assessments.blocks.none')} />;
  }
  return (
    <Section title={say('assessments.blocks', { count: blocks.length })} lead={say('assessments.blocks.lead')}>
      <dl className="blocks">
        {[...Map.groupBy(blocks, ({ code }) => code)].map(([code, some]) => (
          <div key={code}>
            <dt>{say(`assessments.block.${code}`, { count: some.length })}</dt>
            <dd>
              {some.map(({ requirement, hazard }) => {
                const one = requirement && requirements.find((item) => keyOf(item) === keyOf(requirement));
                const other = hazard === null ? undefined : hazards.find((item) => item.id === hazard);
                if (one) {
                  return (
                    <Link key={keyOf(one)} to={`/assessments/${id}?requirement=${keyOf(one)}`}>
                      {one.id} {one.title[lang]}
                    </Link>
                  );
                }
                return (
                  other && (
                    <Link key={other.id} to={`/assessments/${id}#hazards`}>
                      {sayHazard(other, say)}
                    </Link>
                  )
                );
              })}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

interface Concluded {
  conclusion: string;
  signatories: { person: string; role: string }[];
}

function ConclusionForm({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor');
  const { data: members } = useQuery(membersQuery);
  const signers = members?.items.filter(({ roles }) => roles.includes('signatory')) ?? [];
  const save = useMutation({
    mutationFn: ({ conclusion, signatories }: Concluded) =>
      changeAssessment(assessment.id, {
        revision: assessment.revision,
        conclusion: conclusion.trim() === '' ? null : conclusion,
        signatories: signatories.filter((one) => one?.person && one.role),
      }),
    onSuccess: async (whole) => {
      client.setQueryData([...assessmentsKey, 'one', assessment.id], whole);
      notice.done(say('assessments.saved'));
    },
  });
  const required = [{ required: true, message: say('assessments.field.missing') }];
  return (
    <Section title={say('assessments.conclusion')} lead={say('assessments.conclusion.lead')}>
      <Form
        layout="vertical"
        requiredMark={false}
        disabled={!may}
        initialValues={{
          conclusion: assessment.conclusion ?? '',
          signatories: assessment.signatories.map(({ person, role }) => ({ person: person.id, role })),
        }}
        onFinish={(said: Concluded) => save.mutate(said)}
      >
        <Form.Item name="conclusion" label={say('assessments.conclusion.text')}>
          <Input.TextArea maxLength={20_000} autoSize={{ minRows: 4 }} />
        </Form.Item>
        <Form.List name="signatories">
          {(fields, { add, remove }) => (
            <div className="signatory-list">
              <p>{say('assessments.signatories')}</p>
              {fields.map(({ key, name }) => (
                <div key={key} className="signatory-line">
                  <Form.Item name={[name, 'person']} rules={required}>
                    <Select
                      aria-label={say('assessments.signatory.person')}
                      placeholder={say('assessments.signatory.person')}
                      options={signers.map(({ id, name: own }) => ({ value: id, label: own }))}
                    />
                  </Form.Item>
                  <Form.Item name={[name, 'role']} rules={required}>
                    <Input
                      aria-label={say('assessments.signatory.role')}
                      placeholder={say('assessments.signatory.role.example')}
                      maxLength={200}
                    />
                  </Form.Item>
                  <Button type="text" onClick={() => remove(name)}>
                    {say('assessments.signatory.remove')}
                  </Button>
                </div>
              ))}
              {signers.length === 0 && <p className="quiet">{say('assessments.signatories.nobody')}</p>}
              <Button size="small" onClick={() => add({ role: '' })} disabled={!may || signers.length === 0}>
                {say('assessments.signatory.add')}
              </Button>
            </div>
          )}
        </Form.List>
        {save.error && <ProblemNote error={save.error} />}
        {may && (
          <Button type="primary" htmlType="submit" loading={save.isPending} className="assess-save">
            {say('assessments.save')}
          </Button>
        )}
      </Form>
    </Section>
  );
}

/** Drawn from what is there at this moment. */
function Drafts({ assessment: { id, rulebooks } }: { assessment: Assessment }) {
  const say = useWords();
  const lang = useLang();
  const official = rulebooks.filter(({ form }) => form);
  return (
    <Section title={say('assessments.drafts')} lead={say('assessments.drafts.lead')}>
      <ul className="report-files">
        {official.map((rulebook) => (
          <li key={rulebook.id}>
            {rulebook.shortTitle[lang]}:{' '}
            {(['zh', 'en'] as const).map((one) => (
              <a
                key={one}
                href={`/api/v1/assessments/${id}/draft/${rulebook.id}.${one}.pdf`}
                target="_blank"
                rel="noreferrer"
              >
                {say(`assessments.draft.${one}`)}
              </a>
            ))}
            <Pages id={id} name={`${rulebook.id}.${lang}`} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Drawn by the server only when somebody wants to look. */
function Pages({ id, name }: { id: string; name: string }) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="report-pages" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say('assessments.draft.look')}</summary>
      {open && <img src={`/api/v1/assessments/${id}/draft/${name}.svg`} alt={say('assessments.drafts')} />}
    </details>
  );
}

function Conclude({ assessment: { id, revision, blocks } }: { assessment: Assessment }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor');
  const conclude = useMutation({
    mutationFn: () => concludeAssessment(id, revision),
    onSuccess: async (whole) => {
      client.setQueryData([...assessmentsKey, 'one', id], whole);
      await client.invalidateQueries({ queryKey: assessmentsKey });
      notice.done(say('assessments.concluded'));
    },
  });
  if (!may) return null;
  return (
    <div>
      {conclude.error && <ProblemNote error={conclude.error} />}
      <Button
        type="primary"
        disabled={blocks.length > 0}
        loading={conclude.isPending}
        onClick={() => conclude.mutate()}
      >
        {say('assessments.conclude')}
      </Button>
      <p className="quiet">{say(blocks.length > 0 ? 'assessments.conclude.blocked' : 'assessments.conclude.text')}</p>
    </div>
  );
}

function Files({ assessment: { id, report } }: { assessment: Assessment }) {
  const say = useWords();
  const client = useQueryClient();
  if (!report) return null;
  const isRead = (name: string) => report.read.includes(name);
  // What was opened is known to the server a moment later.
  const opened = () => setTimeout(() => void client.invalidateQueries({ queryKey: assessmentsKey }), 1_500);
  return (
    <Section title={say('assessments.files')} lead={say('assessments.files.lead')}>
      <ul className="report-files">
        {report.files.map(({ name, bytes, sha256 }) => (
          <li key={name}>
            <a href={`/api/v1/assessments/${id}/report/${name}`} target="_blank" rel="noreferrer" onClick={opened}>
              {name}
            </a>{' '}
            <span className="quiet">{say('assessments.file.size', { kilobytes: Math.ceil(bytes / 1024) })}</span>
            {isRead(name) && <span className="assess-tag">{say('assessments.file.read')}</span>}
            <HashText value={sha256} />
          </li>
        ))}
      </ul>
      <p>
        {say('assessments.report.hash')} <HashText value={report.sha256} />{' '}
        <a href={`/api/v1/assessments/${id}/report/manifest.json`}>manifest.json</a>
      </p>
    </Section>
  );
}

/** The filing that was recorded for this report. */
function FilePart({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const client = useQueryClient();
  const [filing, setFiling] = useState<string | null>(null);
  const { id, service, function: own, revision } = assessment;
  const filings = useQuery({
    queryKey: [...assessmentsKey, 'filings', id],
    queryFn: ({ signal }) =>
      listFilings({ service: service.slug, limit: 50, ...(own && { function: own.id }) }, signal),
  });
  const name = useMutation({
    mutationFn: (chosen: string) => moveAssessment(id, { to: 'filed', revision, filing: chosen }),
    onSuccess: () => client.invalidateQueries({ queryKey: assessmentsKey }),
  });
  const open = filings.data?.items.filter(({ state }) => state !== 'withdrawn') ?? [];
  return (
    <Section title={say('assessments.file')} lead={say('assessments.file.lead')}>
      {filings.data && open.length === 0 && (
        <p className="quiet">
          {say('assessments.file.none')} <Link to="/filings">{say('filings.title')}</Link>
        </p>
      )}
      {open.length > 0 && (
        <div className="assess-filter">
          <Select
            value={filing}
            placeholder={say('assessments.file.choose')}
            aria-label={say('assessments.file.choose')}
            className="assess-filter-state"
            options={open.map(({ id: value, rulebook, number, filedOn }) => ({
              value,
              label: `${rulebook} ${number ?? ''} ${filedOn}`,
            }))}
            onChange={setFiling}
          />
          <Button
            type="primary"
            disabled={filing === null}
            loading={name.isPending}
            onClick={() => filing !== null && name.mutate(filing)}
          >
            {say('assessments.file.name')}
          </Button>
        </div>
      )}
      {name.error && <ProblemNote error={name.error} />}
    </Section>
  );
}

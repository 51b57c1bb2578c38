import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Evidence } from '../../../src/contract/assessment-evidence.ts';
import type { Assessment, RequirementItem } from '../../../src/contract/assessments.ts';
import { addEvidence, assessmentsKey, type EvidenceBody, withdrawEvidence } from '../../api/assessments.ts';
import { uploadDocument } from '../../api/filings.ts';
import { useMay } from '../../api/me.ts';
import { HashText } from '../../ui/copy.tsx';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { Doer } from '../screening/doer.tsx';
import { keyOf } from './assessment-page.tsx';

/** What the answer to a requirement rests on. */
export function EvidencePart(props: { assessment: Assessment; requirement: RequirementItem; isWorkable: boolean }) {
  const { assessment, requirement, isWorkable } = props;
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer') && isWorkable;
  const [adding, setAdding] = useState(false);
  const own = assessment.evidence.filter(({ requirements }) =>
    requirements.some((ref) => keyOf(ref) === keyOf(requirement)),
  );
  const standing = own.filter(({ withdrawn }) => withdrawn === null);
  const gone = own.filter(({ withdrawn }) => withdrawn !== null);
  return (
    <Section
      title={say('assessments.evidence')}
      side={
        may && (
          <Button size="small" onClick={() => setAdding(true)}>
            {say('assessments.evidence.add')}
          </Button>
        )
      }
    >
      {standing.length === 0 && <p className="quiet">{say('assessments.evidence.none')}</p>}
      <ul className="evidence-cards">
        {standing.map((one) => (
          <EvidenceCard key={one.id} assessment={assessment} evidence={one} may={may} />
        ))}
      </ul>
      {gone.length > 0 && (
        <details>
          <summary className="quiet">{say('assessments.evidence.withdrawn', { count: gone.length })}</summary>
          <ul className="evidence-cards">
            {gone.map((one) => (
              <EvidenceCard key={one.id} assessment={assessment} evidence={one} may={false} />
            ))}
          </ul>
        </details>
      )}
      {adding && <AddEvidence assessment={assessment} requirement={requirement} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function EvidenceCard({ assessment, evidence, may }: { assessment: Assessment; evidence: Evidence; may: boolean }) {
  const say = useWords();
  const [withdrawing, setWithdrawing] = useState(false);
  const { no, kind, title, observedAt, receivedAt, validUntil, lapsed, sha256, withdrawn, by, requirements } = evidence;
  return (
    <li className="evidence-card" data-withdrawn={withdrawn !== null}>
      <p className="evidence-title">
        <span className="quiet">{no}.</span> <EvidenceTitle assessment={assessment} evidence={evidence} title={title} />{' '}
        <span className="assess-tag">{say(`evidence.${kind}`)}</span>
        {lapsed && <span className="assess-tag assess-tag-late">{say('assessments.evidence.lapsed')}</span>}
        {evidence.carriedFrom !== null && <span className="assess-tag">{say('assessments.evidence.carried')}</span>}
      </p>
      {evidence.statement !== null && <p className="evidence-statement">{evidence.statement}</p>}
      <dl className="evidence-facts">
        <dt>{say('assessments.evidence.observed')}</dt>
        <dd>
          <Time at={observedAt} />
        </dd>
        <dt>{say('assessments.evidence.received')}</dt>
        <dd>
          <Time at={receivedAt} />
          {by && (
            <>
              {' · '}
              <Doer doer={by} />
            </>
          )}
        </dd>
        {validUntil !== null && (
          <>
            <dt>{say('assessments.evidence.valid')}</dt>
            <dd>
              <Time at={validUntil} />
            </dd>
          </>
        )}
      </dl>
      {sha256 !== null && <HashText value={sha256} />}
      {requirements.length > 1 && (
        <p className="quiet">
          {say('assessments.evidence.others', { ids: requirements.map(({ id }) => id).join(' ') })}
        </p>
      )}
      {withdrawn && (
        <p className="quiet">
          {kind === 'probe-run'
            ? say('assessments.evidence.replaced')
            : say('assessments.evidence.why', { reason: withdrawn.reason })}
        </p>
      )}
      {may && kind !== 'probe-run' && (
        <Button size="small" type="text" onClick={() => setWithdrawing(true)}>
          {say('assessments.evidence.withdraw')}
        </Button>
      )}
      {withdrawing && (
        <WithdrawDialog assessment={assessment} evidence={evidence} onClose={() => setWithdrawing(false)} />
      )}
    </li>
  );
}

function EvidenceTitle({ assessment, evidence, title }: { assessment: Assessment; evidence: Evidence; title: string }) {
  const say = useWords();
  const { run, screening, url, file } = evidence;
  if (run)
    return <Link to={`/assessments/${assessment.id}/runs/${run.id}#${run.probe}`}>{say(`probe.${run.probe}`)}</Link>;
  if (screening !== null) return <Link to={`/screen/${screening}`}>{title}</Link>;
  // Shown, not followed: what stands there is a stranger's.
  if (url !== null) return <span title={url}>{title}</span>;
  if (file) {
    return (
      <a href={`/api/v1/filing-documents/${file.sha256}`} download={file.name}>
        {title}
      </a>
    );
  }
  return <span>{title}</span>;
}

function WithdrawDialog(props: { assessment: Assessment; evidence: Evidence; onClose: () => void }) {
  const { assessment, evidence, onClose } = props;
  const say = useWords();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const withdraw = useMutation({
    mutationFn: () => withdrawEvidence(assessment.id, evidence.id, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={say('assessments.evidence.withdraw')}
      okText={say('assessments.evidence.withdraw')}
      cancelText={say('ui.ask.keep')}
      okButtonProps={{ danger: true, disabled: reason.trim() === '' }}
      confirmLoading={withdraw.isPending}
      onOk={() => withdraw.mutate()}
      onCancel={onClose}
    >
      <p className="dialog-lead">{say('assessments.evidence.withdraw.text')}</p>
      <Input.TextArea
        value={reason}
        aria-label={say('assessments.reason')}
        placeholder={say('assessments.reason')}
        maxLength={1000}
        onChange={({ target }) => setReason(target.value)}
      />
      {withdraw.error && <ProblemNote error={withdraw.error} />}
    </Modal>
  );
}

type Kind = Exclude<Evidence['kind'], 'probe-run'>;
interface Given {
  title: string;
  observedAt: string;
  validUntil?: string;
  url?: string;
  statement?: string;
  screening?: string;
}

function AddEvidence(props: { assessment: Assessment; requirement: RequirementItem; onClose: () => void }) {
  const { assessment, requirement, onClose } = props;
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const [form] = Form.useForm<Given>();
  const [kind, setKind] = useState<Kind>('attestation');
  const [file, setFile] = useState<File | null>(null);
  const save = useMutation({
    mutationFn: async (given: Given) => addEvidence(assessment.id, await bodyOf(kind, given, { file, requirement })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      notice.done(say('assessments.evidence.added'));
      onClose();
    },
    onError: (error) => showFieldProblems(form, error),
  });
  const required = (field: string) => [
    { required: true, whitespace: true, message: say(`assessments.evidence.${field}.missing`) },
  ];
  return (
    <Modal open title={say('assessments.evidence.add')} footer={null} onCancel={onClose} destroyOnHidden>
      <Segmented
        value={kind}
        options={(['attestation', 'file', 'link', 'screening'] as const).map((value) => ({
          value,
          label: say(`evidence.${value}`),
        }))}
        onChange={setKind}
      />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ observedAt: localNow() }}
        onFinish={save.mutate}
        className="evidence-form"
      >
        <Form.Item name="title" label={say('assessments.evidence.title')} rules={required('title')}>
          <Input maxLength={300} />
        </Form.Item>
        {kind === 'attestation' && (
          <Form.Item name="statement" label={say('assessments.evidence.statement')} rules={required('statement')}>
            <Input.TextArea maxLength={8000} autoSize={{ minRows: 3 }} />
          </Form.Item>
        )}
        {kind === 'link' && (
          <Form.Item name="url" label={say('assessments.evidence.url')} rules={required('url')}>
            <Input maxLength={1000} placeholder="https://" />
          </Form.Item>
        )}
        {kind === 'screening' && (
          <Form.Item name="screening" label={say('assessments.evidence.screening')} rules={required('screening')}>
            <Input maxLength={36} placeholder="xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" />
          </Form.Item>
        )}
        {kind === 'file' && (
          <Form.Item label={say('assessments.evidence.file')}>
            <input
              type="file"
              aria-label={say('assessments.evidence.file')}
              onChange={({ target }) => setFile(target.files?.[0] ?? null)}
            />
          </Form.Item>
        )}
        <div className="two-fields">
          <Form.Item name="observedAt" label={say('assessments.evidence.observed')} rules={required('observed')}>
            <Input type="datetime-local" />
          </Form.Item>
          <Form.Item name="validUntil" label={say('assessments.evidence.valid')}>
            <Input type="datetime-local" />
          </Form.Item>
        </div>
        {save.error && (
          <Form.Item>
            <ProblemNote error={save.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={kind === 'file' && file === null}>
          {say('assessments.evidence.add')}
        </Button>
      </Form>
    </Modal>
  );
}

async function bodyOf(
  kind: Kind,
  given: Given,
  { file, requirement }: { file: File | null; requirement: RequirementItem },
): Promise<EvidenceBody> {
  const common = {
    title: given.title,
    observedAt: new Date(given.observedAt).toISOString(),
    validUntil: given.validUntil ? new Date(given.validUntil).toISOString() : null,
    requirements: [{ rulebook: requirement.rulebook, id: requirement.id }],
  };
  if (kind === 'attestation') return { kind, ...common, statement: given.statement ?? '' };
  if (kind === 'link') return { kind, ...common, url: given.url ?? '' };
  if (kind === 'screening') return { kind, ...common, screening: (given.screening ?? '').trim() };
  if (!file) throw new Error('no file was chosen');
  return { kind, ...common, sha256: (await uploadDocument(file)).sha256 };
}

/** As `<input type="datetime-local">` wants it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

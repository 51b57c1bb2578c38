import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Radio, Select } from 'antd';
import type { Assessment, RequirementItem } from '../../../src/contract/assessments.ts';
import { type AnswerBody, answerRequirement, assessmentsKey, membersQuery } from '../../api/assessments.ts';
import { useMay } from '../../api/me.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Doer } from '../screening/doer.tsx';
import { CommentsPart } from './comments-part.tsx';
import { EvidencePart } from './evidence-part.tsx';
import { ResultMark } from './marks.tsx';
import { joined } from './say.ts';

const workable = ['draft', 'assessing', 'rectifying'];

/** One requirement: what it asks, what was seen, what is answered, and what the answer rests on. */
export function RequirementPane({ assessment, requirement }: { assessment: Assessment; requirement: RequirementItem }) {
  const say = useWords();
  const lang = useLang();
  const other = lang === 'zh' ? 'en' : 'zh';
  const { clause, title, text, verified, provenance, method, changed } = requirement;
  const isWorkable = workable.includes(assessment.state);
  return (
    <article className="requirement">
      <header>
        <p className="quiet">
          <code>{requirement.id}</code> · {clause[lang]}
        </p>
        <h2>{title[lang]}</h2>
        <p className="requirement-marks">
          <ResultMark result={requirement.result} />
          {!verified && <span className="assess-tag">{say('rulebook.unverified')}</span>}
          {changed.map((one) => (
            <span key={one} className="assess-tag">
              {say(`assessments.changed.${one}`)}
            </span>
          ))}
          <span className="quiet">
            {say('assessments.method', {
              methods: joined(
                method.map((one) => say(`assessments.method.${one}`)),
                lang,
              ),
            })}
            {` · ${say('assessments.provenance', { provenance })}`}
          </span>
        </p>
      </header>
      <p className="requirement-text">{text[lang]}</p>
      <p className="requirement-text quiet" lang={other === 'zh' ? 'zh-CN' : 'en'}>
        {text[other]}
      </p>
      <Tested requirement={requirement} />
      {requirement.answeredBy === 'person' && (
        <div className="requirement-answer">
          <p>{requirement.reason}</p>
          <p className="quiet">
            <Doer doer={requirement.by} />
            {requirement.answeredAt !== null && (
              <>
                {' · '}
                <Time at={requirement.answeredAt} />
              </>
            )}
          </p>
        </div>
      )}
      {isWorkable && <AnswerForm assessment={assessment} requirement={requirement} />}
      <EvidencePart assessment={assessment} requirement={requirement} isWorkable={isWorkable} />
      <CommentsPart assessment={assessment} about={requirement} title={say('assessments.comments.here')} />
    </article>
  );
}

function Tested({ requirement: { tested } }: { requirement: RequirementItem }) {
  const say = useWords();
  const lang = useLang();
  if (!tested) return null;
  const { code, kept, lost, unclear, probes, at } = tested;
  return (
    <div className="requirement-tested">
      <p>
        <ResultMark result={tested.result} />{' '}
        {say(`requirement-reason.${code}`, { kept, lost, unclear, tried: kept + lost })}
      </p>
      <p className="quiet">
        {joined(
          probes.map((one) => say(`probe.${one}`)),
          lang,
        )}{' '}
        · <Time at={at} />
      </p>
    </div>
  );
}

interface Answered {
  result: RequirementItem['result'];
  reason: string;
  assignee?: string | null;
  dueOn?: string;
}

function AnswerForm({ assessment, requirement }: { assessment: Assessment; requirement: RequirementItem }) {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor');
  const { data: members } = useQuery({ ...membersQuery, enabled: may });
  const [form] = Form.useForm<Answered>();
  const { before, tested, assignee, dueOn, answeredBy } = requirement;
  const isFailing = tested?.result === 'fails';
  const save = useMutation({
    mutationFn: (said: Answered) => answerRequirement(assessment.id, requirement, bodyOf(said, requirement, isFailing)),
    onSuccess: async (whole) => {
      client.setQueryData([...assessmentsKey, 'one', assessment.id], whole);
      await client.invalidateQueries({ queryKey: assessmentsKey });
      notice.done(say('assessments.answer.saved'));
    },
  });
  if (!may) return null;
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      className="answer-form"
      initialValues={{
        result: requirement.result,
        reason: answeredBy === 'person' ? (requirement.reason ?? '') : '',
        assignee: assignee?.id ?? null,
        dueOn: dueOn ?? '',
      }}
      onFinish={save.mutate}
    >
      {isFailing ? (
        <p className="quiet">{say('assessments.answer.tested')}</p>
      ) : (
        <>
          {before && before.result !== 'open' && requirement.result === 'open' && (
            <p className="answer-before">
              {say('assessments.answer.before')} <ResultMark result={before.result} />
              {before.reason !== null && <span className="quiet"> {before.reason}</span>}{' '}
              <Button
                size="small"
                onClick={() => form.setFieldsValue({ result: before.result, reason: before.reason ?? '' })}
              >
                {say('assessments.answer.still')}
              </Button>
            </p>
          )}
          <Form.Item name="result" label={say('assessments.answer')}>
            <Radio.Group
              optionType="button"
              options={(['conforms', 'fails', 'not-applicable', 'open'] as const).map((value) => ({
                value,
                label: say(`assessments.result.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item
            name="reason"
            label={say('assessments.reason')}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_rule, value: string) =>
                  getFieldValue('result') === 'open' || value?.trim()
                    ? Promise.resolve()
                    : Promise.reject(new Error(say('assessments.reason.missing'))),
              }),
            ]}
          >
            <Input.TextArea maxLength={8000} autoSize={{ minRows: 2 }} />
          </Form.Item>
        </>
      )}
      <div className="two-fields">
        <Form.Item name="assignee" label={say('assessments.assignee')}>
          <Select
            allowClear
            placeholder={say('assessments.assignee.none')}
            options={members?.items.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
        <Form.Item name="dueOn" label={say('assessments.due-on')}>
          <Input type="date" className="date-input" />
        </Form.Item>
      </div>
      {save.error && (
        <Form.Item>
          <ProblemNote error={save.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" loading={save.isPending} lang={lang === 'zh' ? 'zh-CN' : 'en'}>
        {say('assessments.save')}
      </Button>
    </Form>
  );
}

/** Only what changed: giving it to somebody answers nothing. */
function bodyOf({ result, reason, assignee, dueOn }: Answered, now: RequirementItem, isFailing: boolean): AnswerBody {
  const said = (reason ?? '').trim();
  const isAnswered =
    !isFailing && (result !== now.result || said !== (now.answeredBy === 'person' ? (now.reason ?? '') : ''));
  return {
    ...(isAnswered && { result, reason: said === '' ? null : said, seen: now.result }),
    assignee: assignee ?? null,
    dueOn: dueOn ? dueOn : null,
  };
}
